import { isIP } from "node:net";
import { Transform } from "node:stream";
import { canonicalHost } from "@glovebox/core/network";
import { readFirstBytes } from "./client-hello.ts";

/** Why a connection's first bytes may not go to a host; undefined when they may; `more` while they do not show it yet. */
export function refuseFirstBytes(bytes: Buffer, host: string, anyProtocol: boolean): string | "more" | undefined {
  const first = readFirstBytes(bytes);
  if (first.kind === "more") return "more";
  if (first.kind === "broken") return "the TLS hello cannot be read";
  if (first.kind === "other") return anyProtocol ? undefined : "the protocol in the tunnel is not TLS";
  const { serverName } = first;
  if (serverName === undefined) return isIP(host) !== 0 ? undefined : "the TLS hello names no server";
  // An address as a server name is against the standard, but sent.
  return canonicalHost(serverName) === host ? undefined : "the TLS hello names another server than the tunnel's";
}

/** Buffers the first bytes until they show where the connection goes, then passes everything through unchanged. */
export function sniffClientHello(
  host: string,
  anyProtocol: boolean,
  onDecided: (refusal: string | undefined) => void,
): Transform {
  let pending: Buffer | undefined = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (pending === undefined) return done(null, chunk);
      pending = Buffer.concat([pending, chunk]);
      const refusal = refuseFirstBytes(pending, host, anyProtocol);
      if (refusal === "more") return done();
      onDecided(refusal);
      // After a refusal nothing is ever passed: `done` is not called, and the tunnel's end destroys this stream too.
      if (refusal !== undefined) return;
      const bytes = pending;
      pending = undefined;
      done(null, bytes);
    },
    flush(done) {
      // An end without a hello: there is nothing to pass on where TLS was to come.
      if (pending === undefined || pending.length === 0 || anyProtocol) return done(null, pending);
      onDecided("the protocol in the tunnel is not TLS");
    },
  });
}
