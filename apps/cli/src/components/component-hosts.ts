import type { ComponentPlan } from "@glovebox/components";
import type { RunNetwork } from "@glovebox/core";
import type { HostRule } from "@glovebox/core/provider";
import { isReachable } from "../config/resolve-network.ts";

export interface ComponentHosts {
  readonly allow: readonly HostRule[];
  /** Hosts that stay out of reach. */
  readonly refused: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * The hosts that MCP servers speak to: each is reached only with the person's own word, which `--yes` is not. Those that
 * other components name are never added.
 */
export async function componentHosts(
  plan: ComponentPlan,
  network: RunNetwork,
  ask: ((question: string) => Promise<boolean | undefined>) | undefined,
): Promise<ComponentHosts> {
  const { mode, allow = [], credentials = [] } = network;
  const servers = plan.components.filter(({ kind }) => kind === "mcp");
  const hosts = [...new Set(servers.flatMap((server) => server.hosts))];
  const out = mode === "open" ? [] : hosts.filter((host) => !isReachable(host, allow, credentials));
  const rules: HostRule[] = [];
  for (const host of mode === "none" ? [] : out) {
    const asker = servers.find((server) => server.hosts.includes(host))?.name ?? "";
    const answer = await ask?.(`The MCP server ${asker} speaks to ${host}. May the sandbox reach that host?`);
    if (answer) rules.push({ host, source: `the MCP server ${asker}` });
  }
  const refused = out.filter((host) => !rules.some((rule) => rule.host === host));
  const flags = refused.map((host) => `--allow-host ${host}`).join(" ");
  const warnings =
    refused.length === 0
      ? []
      : [`Hosts that MCP servers speak to stay out of reach: ${refused.join(", ")}. To allow them: ${flags}`];
  return { allow: rules, refused, warnings };
}
