import type { Duplex } from "node:stream";
import { EgressRefusal } from "../egress-refusal.ts";
import { type PipeBothOptions, pipeBoth } from "./pipe-both.ts";
import { sniffClientHello } from "./sniff-client-hello.ts";

export interface TunnelOptions extends PipeBothOptions {
  /** The CONNECT target: the server name of TLS must be the same. */
  readonly host: string;
  /** Whether something else than TLS may be spoken. */
  readonly anyProtocol: boolean;
  /** For the hello to arrive, where it must be TLS. */
  readonly helloTimeoutMs: number;
}

/** A fatal `access_denied`, so that a TLS client says that it was refused rather than that the connection broke. */
const alert = Buffer.from([21, 3, 3, 0, 2, 2, 49]);

/** Joins both sides once the first bytes agree with the tunnel's target. Rejects with an EgressRefusal when they do not. */
export async function tunnel(inside: Duplex, outside: Duplex, options: TunnelOptions): Promise<string | undefined> {
  let refusal: string | undefined;
  const refuse = (reason: string): void => {
    refusal ??= reason;
    // The alert must be out before the end of the outer side tears this one down.
    outside.unpipe(inside);
    if (inside.writable) inside.end(alert, () => outside.destroy());
    else outside.destroy();
  };
  const timer = options.anyProtocol
    ? undefined
    : setTimeout(() => refuse("no TLS hello came in time"), options.helloTimeoutMs);
  const gate = sniffClientHello(options.host, options.anyProtocol, (reason) => {
    clearTimeout(timer);
    if (reason !== undefined) refuse(reason);
  });
  const broken = await pipeBoth(inside, outside, { ...options, out: [gate] });
  clearTimeout(timer);
  if (refusal !== undefined) throw new EgressRefusal("denied", 200, refusal);
  return broken;
}
