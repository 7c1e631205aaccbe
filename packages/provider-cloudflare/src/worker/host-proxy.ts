import { hostConnector, hostProxyForUrl } from "@glovebox/core/host-proxy";

/** Returns a `fetch` that uses the host's proxy variables, which Node's own ignores. */
export async function fetchFor(url: URL): Promise<typeof fetch> {
  if (hostProxyForUrl(url, process.env) === undefined) return fetch;
  // Loading it takes longer than most requests.
  const { Agent, buildConnector, fetch: fetchThrough } = await import("undici");
  const dispatcher = new Agent({ connect: hostConnector(buildConnector({ timeout: 30_000 }), { env: process.env }) });
  // undici's types of the same standard differ in details that are not used here.
  return ((input: URL, init: object) => fetchThrough(input, { ...init, dispatcher })) as unknown as typeof fetch;
}
