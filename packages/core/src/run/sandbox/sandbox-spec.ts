import { dropUndefined } from "../../provider/drop-undefined.ts";
import type { EgressPolicy } from "../../provider/egress-policy.ts";
import { ownerLabel, runLabel, type SandboxSpec } from "../../provider/sandbox.ts";
import type { RunContext } from "../context/run-context.ts";

/** What a run requires of its sandbox, except for the template. */
export function sandboxSpec(run: RunContext, egress: EgressPolicy): Omit<SandboxSpec, "template"> {
  const { spec, runId, owner, leaseMs } = run;
  const env = Object.entries(spec.env ?? {}).map(([name, value]) => [
    name,
    typeof value === "string" ? value : value.reveal(),
  ]);
  const { resources, mounts, rootInside } = spec;
  return {
    labels: { ...spec.labels, [ownerLabel]: owner, [runLabel]: runId },
    ttlMs: leaseMs,
    env: Object.fromEntries(env),
    egress,
    idempotencyKey: runId,
    ...dropUndefined({ resources, mounts, rootInside }),
  };
}
