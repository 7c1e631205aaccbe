import type { ComponentPlan } from "@glovebox/components";
import { parseHostRule, type RunNetwork } from "@glovebox/core";
import type { HostRule } from "@glovebox/core/provider";
import { isReachable } from "../network/is-reachable.ts";
import { hostAndPort } from "../print/host-and-port.ts";

export interface ComponentHosts {
  readonly allow: readonly HostRule[];
  /** Hosts that stay out of reach. */
  readonly refused: readonly HostRule[];
  readonly warnings: readonly string[];
}

/**
 * The hosts that MCP servers speak to: each is reached only with the user's own word, which `--yes` is not. Those that
 * other components name are never added.
 */
export async function componentHosts(
  plan: ComponentPlan,
  network: RunNetwork,
  ask: ((question: string) => Promise<boolean | undefined>) | undefined,
): Promise<ComponentHosts> {
  const { mode } = network;
  const wanted = plan.components.flatMap(({ name, serverHosts }) =>
    serverHosts.map((host) => parseHostRule(host, `the MCP server ${name}`)),
  );
  const rules = wanted.filter((rule, index) => wanted.findIndex((other) => isSame(other, rule)) === index);
  const out = mode === "open" ? [] : rules.filter((rule) => !isReachable(rule, network));
  const granted: HostRule[] = [];
  for (const rule of mode === "none" ? [] : out) {
    if (await ask?.(`${rule.source} speaks to ${hostAndPort(rule)}. May the sandbox reach that host?`))
      granted.push(rule);
  }
  const refused = out.filter((rule) => !granted.includes(rule));
  return { allow: granted, refused, warnings: refused.length === 0 ? [] : [refusedWarning(refused)] };
}

function refusedWarning(refused: readonly HostRule[]): string {
  const places = refused.map(hostAndPort);
  const flags = places.map((place) => `--allow-host ${place}`).join(" ");
  return `Hosts that MCP servers speak to stay out of reach: ${places.join(", ")}. To allow them: ${flags}`;
}

function isSame(one: HostRule, other: HostRule): boolean {
  return one.host === other.host && one.port === other.port;
}
