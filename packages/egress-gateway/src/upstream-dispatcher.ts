import { type HostEnvironment, hostConnector } from "@glovebox/core/host-proxy";
import { Agent, buildConnector, type Dispatcher } from "undici";
import { trustedCertificates } from "./outbound/trusted-certificates.ts";

/** Connections to upstreams, by way of the host's own proxy settings and with the certificates that the host trusts. */
export function upstreamDispatcher(env: HostEnvironment): Dispatcher {
  const ca = trustedCertificates(env);
  // A request leaves as it came in, over HTTP/1.1, with headers that HTTP/2 forbids.
  const direct = buildConnector({ timeout: 30_000, allowH2: false, ...(ca && { ca }) });
  return new Agent({
    connect: hostConnector(direct, { env, ca }),
    allowH2: false,
    // The exchange has its own clock, which also knows of a client that stands still.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
