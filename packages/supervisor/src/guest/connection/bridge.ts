import type { ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";

/** HTTP/2's code for a stream that is broken off on purpose. */
const cancelCode = 8;

/** Joins a connection and a host's stream: the answer's body is what the connection says, the request's what it hears. `head` was read of it before. */
export function bridge(socket: Socket, stream: ServerHttp2Stream, head: Buffer = Buffer.alloc(0)): void {
  stream.respond({ ":status": 200 });
  stream.on("error", () => socket.destroy());
  stream.once("close", () => socket.destroySoon());
  socket.once("close", (failed) => {
    if (failed || !stream.writableEnded) stream.close(cancelCode);
  });
  if (head.length > 0) stream.write(head);
  socket.pipe(stream);
  stream.pipe(socket);
}
