import { dropUndefined, type SandboxState } from "@glovebox/core/provider";
import type { VendorInfo } from "@glovebox/provider-kit";
import type { ContainerFacts } from "./inspect-container.ts";
import { ownLabels, sandboxLabels } from "./labels.ts";

/**
 * What the engine alone can tell of a sandbox. The lease of one that runs is known to its supervisor only, so that it is
 * absent; one that has stopped says when it did.
 */
export function sandboxInfo(facts: ContainerFacts): VendorInfo {
  return dropUndefined({
    id: facts.id,
    state: sandboxState(facts),
    labels: sandboxLabels(facts.labels),
    createdAt: facts.createdAt,
    leaseEndsAt: facts.finishedAt,
    templateDigest: facts.labels[ownLabels.template],
    rootInside: facts.labels[ownLabels.rootInside] === "true",
  });
}

/** The contract's word for a container's state. One that was never started is past its start after its own lease. */
function sandboxState({ status, createdAt, labels }: ContainerFacts): SandboxState {
  if (status === "running" || status === "restarting") return "running";
  if (status === "paused") return "paused";
  if (status === "exited" || status === "dead") return "stopped";
  if (status !== "created") return "unknown";
  return Date.now() - createdAt.getTime() > Number(labels[ownLabels.ttlMs]) ? "stopped" : "starting";
}
