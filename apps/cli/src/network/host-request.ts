import type { ClientRequest } from "node:http";
import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { type HostEnvironment, hostProxyForUrl, openProxyTunnel, targetOf } from "@glovebox/core/host-proxy";

export interface HostRequestOptions {
  readonly env: HostEnvironment;
  readonly signal: AbortSignal;
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
}

/** Opens a request of this host, through its proxy. Nothing about this machine or its use is sent but the headers. */
export async function hostRequest(url: URL, options: HostRequestOptions): Promise<ClientRequest> {
  const { env, signal, method = "GET", headers } = options;
  const isSecure = url.protocol === "https:";
  const { request } = await import(isSecure ? "node:https" : "node:http");
  const proxy = hostProxyForUrl(url, env);
  const tunnel = proxy && (await openProxyTunnel(proxy, targetOf(url), { signal }));
  const servername = isIP(url.hostname) === 0 ? { servername: url.hostname } : {};
  return request(url, {
    ...{ signal, method, agent: false, headers: { "user-agent": "glovebox", ...headers } },
    ...(tunnel && { createConnection: () => (isSecure ? connectTls({ socket: tunnel, ...servername }) : tunnel) }),
  });
}
