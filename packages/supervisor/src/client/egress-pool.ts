import type { ClientHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import type { RequestChannel } from "./request-channel.ts";
import { StreamSocket } from "./stream-socket.ts";

/** The number of connections from inside that can arrive at once without waiting for a round trip. */
const openStreams = 16;

/** Keeps streams open on which the guest hands over connections from inside, one each. */
export function keepEgressPool(channel: RequestChannel, onConnection: (socket: Duplex) => void): void {
  const offer = (): void => {
    let stream: ClientHttp2Stream;
    try {
      stream = channel.open("POST", "/egress");
    } catch {
      // The connection is gone, and with it everything that could want to go out.
      return;
    }
    stream.once("response", (headers) => {
      offer();
      if (headers[":status"] === 200) onConnection(new StreamSocket(stream));
      else stream.close();
    });
  };
  for (let count = 0; count < openStreams; count += 1) offer();
}
