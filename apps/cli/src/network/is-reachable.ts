import type { RunNetwork } from "@glovebox/core";
import { canonicalHost, hostPattern, matchesTarget } from "@glovebox/core/network";
import type { HostRule } from "@glovebox/core/provider";

/** Whether the rules let the sandbox reach a host: on 443 unless the host has a port of its own. */
export function isReachable(
  { host, port = 443 }: Pick<HostRule, "host" | "port">,
  { allow = [], credentials = [] }: Pick<RunNetwork, "allow" | "credentials">,
): boolean {
  // A credential that is limited to some paths does not open the whole host.
  const whole = credentials.filter(({ paths }) => paths === undefined);
  const patterns = [
    ...allow.map(hostPattern),
    ...whole.map((rule) => hostPattern({ host: rule.host, source: rule.source, port: rule.port ?? 443 })),
  ];
  const name = canonicalHost(host) ?? host;
  return patterns.some((pattern) =>
    port === "any" ? pattern.port === "any" && pattern.matches(name) : matchesTarget(pattern, { host: name, port }),
  );
}
