import { createHash, randomUUID } from "node:crypto";
import type { EgressPolicy } from "../../provider/egress-policy.ts";
import type { Template } from "../../provider/template.ts";
import { networkPolicyEvent } from "../egress/network-policy-event.ts";
import type { RunSpec } from "../run-spec.ts";

/** What a sandbox is made for, by the names that users have for it, as digests: what two runs must have in common to share one. */
export type SandboxFacts = Readonly<Record<string, string>>;

interface SandboxBase {
  readonly template: Template;
  readonly isolation: string | undefined;
  readonly egress: EgressPolicy;
}

/**
 * The facts of the sandbox that a run requires. Variables may be secrets, and components and added directories go in again:
 * none of these is shared.
 */
export function sandboxFacts(spec: RunSpec, { template, isolation, egress }: SandboxBase): SandboxFacts {
  const { workspace, history = "default", resources, mounts = [], rootInside = false, env = {} } = spec;
  const { addedDirectories = [], components } = spec;
  // Its budget is the run's own, and enforced outside.
  const { maxCostUsd: _, budget: __, ...network } = networkPolicyEvent(egress);
  const sorted = Object.entries(resources ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    image: digest(template.digest),
    workspace: digest(workspace ?? null),
    history: digest(history),
    limits: digest(sorted),
    mounts: digest(mounts),
    "root inside": digest(rootInside),
    isolation: digest(isolation ?? null),
    network: digest(network),
    variables: Object.keys(env).length === 0 ? "none" : randomUUID(),
    "added directories": addedDirectories.length === 0 ? "none" : randomUUID(),
    components: components === undefined ? "none" : randomUUID(),
  };
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
