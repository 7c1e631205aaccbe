import { dropUndefined, type SandboxState } from "@glovebox/core/provider";
import type { VendorInfo } from "@glovebox/provider-kit";
import type { SandboxInfo } from "e2b";
import { isPausedMark } from "../network/network-rules.ts";
import { labelsOf, ownMetadata } from "./metadata.ts";

/** Returns what E2B knows about a sandbox. */
export function sandboxInfo(facts: SandboxInfo): VendorInfo {
  const { sandboxId, metadata, startedAt, endAt, cpuCount, memoryMB } = facts;
  const state = stateOf(facts);
  return dropUndefined({
    id: sandboxId,
    state,
    labels: labelsOf(metadata),
    createdAt: startedAt,
    leaseEndsAt: state === "paused" ? undefined : endAt,
    templateDigest: metadata[ownMetadata.template],
    resources: { cpus: cpuCount, memoryMiB: memoryMB },
    rootInside: metadata[ownMetadata.rootInside] === "true",
  });
}

/** E2B reports a sandbox as paused both after `pause` and after its lease has ended. */
function stateOf({ state, network }: SandboxInfo): SandboxState {
  if (state === "running") return "running";
  return isPausedMark(network?.denyOut) ? "paused" : "stopped";
}
