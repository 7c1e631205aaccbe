import type { Agent } from "node:http";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";

const loopback: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** The proxy that the host's variables (`HTTPS_PROXY`, `NO_PROXY`) name for an address; undefined where it is reached directly. */
export function hostProxy(url: URL): string | undefined {
  if (loopback.has(url.hostname)) return undefined;
  return getProxyForUrl(url.href) || undefined;
}

/** How a WebSocket goes there. */
export function webSocketAgent(url: URL): Agent | undefined {
  const proxy = hostProxy(url);
  return proxy === undefined ? undefined : new HttpsProxyAgent(proxy);
}

/** `fetch`, by way of the host's proxy where there is one: Node's own knows none. */
export async function fetchFor(url: URL): Promise<typeof fetch> {
  const proxy = hostProxy(url);
  if (proxy === undefined) return fetch;
  // Loaded where it is needed: it takes longer than most answers.
  const undici = await import("undici");
  const dispatcher = new undici.ProxyAgent(proxy);
  // Only what both know is used: undici's own types of the same standard differ in details.
  return ((input: URL, init: object) => undici.fetch(input, { ...init, dispatcher })) as unknown as typeof fetch;
}
