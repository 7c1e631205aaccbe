import { type Dispatcher, EnvHttpProxyAgent } from "undici";
import { hostCertificates } from "./outbound/host-certificates.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Connections to upstreams, by way of the host's own proxy settings and with the certificates that the host trusts. */
export function upstreamDispatcher(env: Environment): Dispatcher {
  const ca = hostCertificates(env);
  const tls = ca === undefined ? {} : { ca };
  const httpProxy = env.http_proxy ?? env.HTTP_PROXY ?? "";
  const httpsProxy = env.https_proxy ?? env.HTTPS_PROXY ?? "";
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? "";
  return new EnvHttpProxyAgent({
    // Empty rather than absent: the agent would read the process's own environment.
    httpProxy,
    httpsProxy,
    noProxy: noProxy === "*" ? "*" : [noProxy, "127.0.0.1", "localhost", "[::1]", "::1"].filter(Boolean).join(","),
    connect: { timeout: 30_000, ...tls },
    requestTls: tls,
    proxyTls: tls,
    // The exchange has its own clock, which also knows of a client that stands still.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
