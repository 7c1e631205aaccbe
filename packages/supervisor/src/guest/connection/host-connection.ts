import type { ServerHttp2Session } from "node:http2";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connectionWindowBytes, sessionOptions } from "../../protocol/session-options.ts";
import type { Router } from "../routes/router.ts";

const pingEveryMs = 10_000;
/** A host of which nothing is heard for so long is taken for gone: its readers hold no process up any more. */
const goneAfterMs = 60_000;

/** Serves one host over a byte stream on which the greeting has been sent. */
export function serveConnection(duplex: Duplex, router: Router): void {
  // Loaded here and not with the file: the helpers, of which every file operation starts one, do without.
  const { performServerHandshake } = process.getBuiltinModule("node:http2");
  const session = performServerHandshake(duplex, sessionOptions);
  session.setLocalWindowSize(connectionWindowBytes);
  session.on("error", () => {});
  session.on("stream", (stream, headers) => {
    stream.on("error", () => {});
    router.serve(stream, headers);
  });
  watch(session, duplex);
  session.once("close", () => duplex.destroy());
}

/**
 * Whatever comes from the host counts as activity. A ping's own answer can be a minute away on a slow line, where it goes out
 * behind megabytes of an archive: their reader tells of itself by the room that it grants meanwhile.
 */
function watch(session: ServerHttp2Session, duplex: Duplex): void {
  let heardAt = performance.now();
  let bytesRead = 0;
  const heard = (): void => {
    heardAt = performance.now();
  };
  // Of a socket HTTP/2 takes the bytes past its events, and leaves the count.
  if (!(duplex instanceof Socket)) duplex.on("data", heard);
  const timer = setInterval(() => {
    if (duplex instanceof Socket && duplex.bytesRead > bytesRead) {
      bytesRead = duplex.bytesRead;
      heard();
    }
    if (performance.now() - heardAt > goneAfterMs) return session.destroy();
    session.ping(() => {});
  }, pingEveryMs);
  session.once("close", () => clearInterval(timer));
}
