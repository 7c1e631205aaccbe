import type { Duplex } from "node:stream";
import { EgressRefusal } from "../egress-refusal.ts";
import type { HostDecision } from "../policy/host-rules.ts";
import type { Target } from "../policy/target.ts";
import { terminate } from "../tls/terminate.ts";
import { readFirstBytes } from "../tunnel/client-hello.ts";
import { tunnel } from "../tunnel/tunnel.ts";
import type { ForwardContext } from "./forward.ts";
import type { ForwardProxyOptions } from "./forward-proxy.ts";

type Allowed = Extract<HostDecision, { allowed: true }>;
type Context = ForwardContext & Pick<ForwardProxyOptions, "authority" | "dialer" | "headersTimeoutMs" | "serveInside">;

/**
 * Opens the tunnel that CONNECT requests. True once it has been open and has ended; false when it ends at the gateway and
 * each request in it is decided and audited by itself. Rejects with an EgressRefusal.
 */
export async function openTunnel(
  inside: Duplex,
  target: Target,
  decision: Allowed,
  context: Context,
): Promise<boolean> {
  const { authority, dialer, headersTimeoutMs, serveInside } = context;
  const { host, port } = target;
  const { credential, anyProtocol } = decision;
  if (credential?.tls === false) {
    accept(inside);
    serveInside(inside, { host, port, secure: false });
    return false;
  }
  if (credential !== undefined) {
    if (authority === undefined) throw new EgressRefusal("failed", 500, "this run has no certificate authority");
    const secureContext = await authority.contextFor(host);
    accept(inside);
    serveInside(await terminate(inside, host, secureContext, headersTimeoutMs), { host, port, secure: true });
    return false;
  }
  // Some clients open a tunnel where they mean plain HTTP. On HTTP's own port it is served as such.
  const mayBePlain = port === 80 && !anyProtocol;
  if (mayBePlain) {
    accept(inside);
    if (!(await speaksTls(inside, headersTimeoutMs))) {
      serveInside(inside, { host, port, secure: false });
      return false;
    }
  }
  const outside = await dialer.tunnel(target);
  if (!mayBePlain) accept(inside);
  const broken = await tunnel(inside, outside, { ...context, host, anyProtocol, helloTimeoutMs: headersTimeoutMs });
  if (broken !== undefined) throw new EgressRefusal("failed", 200, broken);
  return true;
}

function accept(inside: Duplex): void {
  inside.write("HTTP/1.1 200 Connection Established\r\n\r\n");
}

/** Reads the first bytes and puts them back. */
async function speaksTls(inside: Duplex, timeoutMs: number): Promise<boolean> {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const finish = (found: Buffer | undefined): void => {
      clearTimeout(timer);
      inside.off("readable", look).off("end", silent).off("close", silent);
      if (found !== undefined) resolve(found);
      else reject(new EgressRefusal("failed", 200, "nothing was sent in the tunnel"));
    };
    const look = (): void => {
      const found: Buffer | null = inside.read();
      if (found !== null) finish(found);
    };
    const silent = (): void => finish(undefined);
    const timer = setTimeout(silent, timeoutMs);
    inside.on("readable", look).once("end", silent).once("close", silent);
  });
  inside.unshift(bytes);
  return readFirstBytes(bytes).kind !== "other";
}
