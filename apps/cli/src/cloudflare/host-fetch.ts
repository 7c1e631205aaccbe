import type { Environment } from "../terminal.ts";

const onThisMachine = ["localhost", "127.0.0.1", "[::1]"];

/** Makes a request by way of the host's own proxy, where its variables name one: Node's own `fetch` knows none. */
export async function hostFetch(
  url: string | URL,
  init: { readonly method?: string; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  env: Environment,
): Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }> {
  // Loaded where it is needed: it takes longer than most answers.
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const proxies = {
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? "",
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? "",
    noProxy: [env.no_proxy ?? env.NO_PROXY, ...onThisMachine].filter(Boolean).join(","),
  };
  return await fetch(url, { ...init, redirect: "manual", dispatcher: new EnvHttpProxyAgent(proxies) });
}
