import { type HostEnvironment, hostProxyForUrl, targetOf } from "./host-proxy.ts";
import { openProxyTunnel } from "./open-proxy-tunnel.ts";

const timeoutMs = 15_000;

/**
 * Looks whether the host's proxy, where its variables name one for the URL, opens a tunnel there: what does not would have a
 * harness try again for minutes. Sends nothing through it.
 */
export async function checkHostProxy(url: URL, env: HostEnvironment, signal: AbortSignal): Promise<void> {
  const proxy = hostProxyForUrl(url, env);
  // Whether it can be trusted shows with the first request, which knows the host's own certificates.
  if (proxy === undefined || proxy.secure) return;
  const tunnel = await openProxyTunnel(proxy, targetOf(url), { timeoutMs, signal });
  tunnel.destroy();
}
