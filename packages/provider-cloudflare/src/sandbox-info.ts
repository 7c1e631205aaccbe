import type { SandboxInfo } from "@glovebox/core/provider";
import { sandboxLabels, templateLabel } from "./labels.ts";
import type { SandboxRecord } from "./worker/worker-replies.ts";

/** What the Worker alone can tell of a sandbox. */
export function sandboxInfo(record: SandboxRecord): SandboxInfo {
  const { id, state, labels, createdAt, rootInside } = record;
  // One that ended before its lease has no other end to come.
  const leaseEndsAt = record.stoppedAt ?? record.leaseEndsAt;
  const templateDigest = labels[templateLabel];
  return {
    id,
    providerId: "cloudflare",
    state,
    labels: sandboxLabels(labels),
    createdAt,
    ...(leaseEndsAt && { leaseEndsAt }),
    ...(templateDigest !== undefined && { templateDigest }),
    rootInside,
  };
}
