import { isIP } from "node:net";
import { Transform } from "node:stream";
import { canonicalHost } from "../policy/canonical-host.ts";
import { readFirstBytes } from "./client-hello.ts";

/** Why a connection's first bytes may not go to a host; undefined when they may; `more` while they do not tell. */
export function refuseFirstBytes(bytes: Buffer, host: string, anyProtocol: boolean): string | "more" | undefined {
  const first = readFirstBytes(bytes);
  if (first.kind === "more") return "more";
  if (first.kind === "broken") return "the TLS hello cannot be read";
  if (first.kind === "other") return anyProtocol ? undefined : "what is spoken in the tunnel is not TLS";
  const { serverName } = first;
  if (serverName === undefined) return isIP(host) !== 0 ? undefined : "the TLS hello names no server";
  // An address as a server name is against the standard, but sent.
  return canonicalHost(serverName) === host ? undefined : "the TLS hello names another server than the tunnel's";
}

/** Holds the first bytes until they tell where the connection goes, then lets everything pass as it is. */
export function helloGate(
  host: string,
  anyProtocol: boolean,
  onDecided: (refusal: string | undefined) => void,
): Transform {
  let held: Buffer | undefined = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (held === undefined) return done(null, chunk);
      held = Buffer.concat([held, chunk]);
      const refusal = refuseFirstBytes(held, host, anyProtocol);
      if (refusal === "more") return done();
      onDecided(refusal);
      // After a refusal nothing is ever passed: `done` is not called, and the tunnel's end takes the gate with it.
      if (refusal !== undefined) return;
      const bytes = held;
      held = undefined;
      done(null, bytes);
    },
    flush(done) {
      // An end without a hello: there is nothing to pass on where TLS was to come.
      if (held === undefined || held.length === 0 || anyProtocol) return done(null, held);
      onDecided("what is spoken in the tunnel is not TLS");
    },
  });
}
