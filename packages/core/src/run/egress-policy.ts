import type { EgressPolicy, ModelRoute } from "../provider/egress-policy.ts";
import type { RunSpec } from "./run-spec.ts";

/** What the run's sandbox may reach. */
export function egressPolicy({ network, maxCostUsd }: RunSpec, model: ModelRoute): EgressPolicy {
  return {
    mode: network?.mode ?? "sealed",
    models: [model],
    ...(network?.allow === undefined ? {} : { allow: network.allow }),
    ...(network?.credentials === undefined ? {} : { credentials: network.credentials }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
  };
}
