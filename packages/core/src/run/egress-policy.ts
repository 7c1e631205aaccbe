import { parseHostPort } from "../network/parse-host-port.ts";
import type { EgressPolicy, HostRule, ModelRoute } from "../provider/egress-policy.ts";
import type { Template } from "../provider/template.ts";
import type { RunSpec } from "./run-spec.ts";

/** What the run's sandbox may reach. In `standard`, the registries of its template's own configuration are among it. */
export function egressPolicy({ network, maxCostUsd }: RunSpec, model: ModelRoute, template?: Template): EgressPolicy {
  const mode = network?.mode ?? "sealed";
  const allow = [...(network?.allow ?? []), ...(mode === "standard" ? templateRules(template) : [])];
  return {
    mode,
    models: [model],
    ...(network?.allow === undefined && allow.length === 0 ? {} : { allow }),
    ...(network?.credentials === undefined ? {} : { credentials: network.credentials }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
  };
}

function templateRules(template: Template | undefined): HostRule[] {
  const source = "the image's configuration";
  return (template?.packageHosts ?? []).map((host) => ({ ...parseHostPort(host, source), source }));
}
