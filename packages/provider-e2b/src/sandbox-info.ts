import type { SandboxInfo, SandboxState } from "@glovebox/core/provider";
import type { SandboxInfo as E2bInfo } from "e2b";
import { labelsOf, ownMetadata } from "./metadata.ts";
import { isPausedMark } from "./network-rules.ts";

/** What the control plane alone can tell. */
export function sandboxInfo(facts: E2bInfo): SandboxInfo {
  const { sandboxId, metadata, startedAt, endAt, cpuCount, memoryMB } = facts;
  const state = stateOf(facts);
  const templateDigest = metadata[ownMetadata.template];
  return {
    id: sandboxId,
    providerId: "e2b",
    state,
    labels: labelsOf(metadata),
    createdAt: startedAt,
    ...(state !== "paused" && { leaseEndsAt: endAt }),
    ...(templateDigest !== undefined && { templateDigest }),
    resources: { cpus: cpuCount, memoryMiB: memoryMB },
    rootInside: metadata[ownMetadata.rootInside] === "true",
  };
}

/** E2B pauses what somebody pauses and what its lease has ended. */
function stateOf({ state, network }: E2bInfo): SandboxState {
  if (state === "running") return "running";
  return isPausedMark(network?.denyOut) ? "paused" : "stopped";
}
