import { hostConnector } from "@glovebox/core/host-proxy";
import type { CommandContext } from "@glovebox/core/plugin";

/** Makes a request through the host's proxy, whose variables Node's `fetch` ignores. */
export async function hostFetch(
  url: string | URL,
  init: { readonly method?: string; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  env: CommandContext["env"],
): Promise<{ readonly ok: boolean; readonly status: number; text(): Promise<string> }> {
  // Loading it takes longer than most requests.
  const { Agent, buildConnector, fetch } = await import("undici");
  const dispatcher = new Agent({ connect: hostConnector(buildConnector({ timeout: 30_000 }), { env }) });
  return await fetch(url, { ...init, redirect: "manual", dispatcher });
}
