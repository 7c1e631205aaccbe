import type { ServerHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { connectionWindowBytes, sessionOptions } from "../protocol/session-options.ts";
import type { Router } from "./router.ts";

const pingEveryMs = 10_000;
/** A host that does not answer for so long is taken for gone: its readers hold no process up any more. */
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
  watch(session);
  session.once("close", () => duplex.destroy());
}

function watch(session: ServerHttp2Session): void {
  let heardAt = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - heardAt > goneAfterMs) return session.destroy();
    session.ping((error) => {
      if (error === null) heardAt = performance.now();
    });
  }, pingEveryMs);
  session.once("close", () => clearInterval(timer));
}
