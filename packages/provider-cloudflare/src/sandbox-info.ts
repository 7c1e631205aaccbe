import { dropUndefined } from "@glovebox/core/provider";
import { ownLabelPrefix, type VendorInfo } from "@glovebox/provider-kit";
import type { SandboxRecord } from "./worker/worker-replies.ts";

const prefix = ownLabelPrefix({ id: "cloudflare", name: "Cloudflare" });

/** The label with the template's digest, which the provider adds to those of the spec. */
export const templateLabel = `${prefix}template`;

/** Returns what the Worker knows about a sandbox. */
export function sandboxInfo(record: SandboxRecord): VendorInfo {
  const { id, state, labels, createdAt, rootInside } = record;
  return dropUndefined({
    id,
    state,
    labels: Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith(prefix))),
    createdAt,
    // A sandbox that stopped early has no later lease.
    leaseEndsAt: record.stoppedAt ?? record.leaseEndsAt,
    templateDigest: labels[templateLabel],
    rootInside,
  });
}
