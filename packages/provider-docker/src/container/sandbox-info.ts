import type { SandboxInfo } from "@glovebox/core/provider";
import { type ContainerFacts, sandboxState } from "./inspect-container.ts";
import { ownLabels, sandboxLabels } from "./labels.ts";

/**
 * What the engine alone can tell of a sandbox. The lease of one that runs is known to its supervisor only, so that it is
 * absent; one that has stopped says when it did.
 */
export function sandboxInfo(facts: ContainerFacts): SandboxInfo {
  const templateDigest = facts.labels[ownLabels.template];
  return {
    id: facts.id,
    providerId: "docker",
    state: sandboxState(facts.status, facts.createdAt, facts.labels),
    labels: sandboxLabels(facts.labels),
    createdAt: facts.createdAt,
    ...(facts.finishedAt && { leaseEndsAt: facts.finishedAt }),
    ...(templateDigest !== undefined && { templateDigest }),
    rootInside: facts.labels[ownLabels.rootInside] === "true",
  };
}
