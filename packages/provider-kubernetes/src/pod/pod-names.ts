import { createHash } from "node:crypto";
import { ownerLabel, runLabel } from "@glovebox/core/provider";
import { keyDigest } from "@glovebox/provider-kit";

/** What the labels and annotations of this provider begin with. */
export const ownPrefix = "glovebox.dev/";

/** Labels by which the API server selects pods and volumes. */
export const podLabels = {
  managedBy: "app.kubernetes.io/managed-by",
  /** A part of the idempotency key's digest: its presence makes a pod a sandbox. */
  key: `${ownPrefix}key`,
  owner: `${ownPrefix}owner`,
  run: `${ownPrefix}run`,
  /** Names the pool in which a pod waits; it goes when a sandbox takes the pod. */
  pool: `${ownPrefix}pool`,
} as const;

export const podAnnotations = {
  /** What a sandbox was created with: see `PodRecord`. */
  record: `${ownPrefix}record`,
  /** How many ends of the supervisor were answered by a wake; absent until the first lease is set. */
  wakes: `${ownPrefix}wakes`,
  /** Of a volume: when the lease of what works on it ends at the latest. ISO 8601. */
  leaseEnds: `${ownPrefix}lease-ends`,
} as const;

/** The value of {@link podLabels.managedBy}. */
export const manager = "glovebox";

/** The container that the agent works in. */
export const containerName = "sandbox";

/** The name of the pod for an idempotency key, so that a create of unknown outcome can be found again. */
export function podName(idempotencyKey: string): string {
  return `glovebox-${keyLabel(idempotencyKey)}`;
}

/** The value of {@link podLabels.key}. */
export function keyLabel(idempotencyKey: string): string {
  return keyDigest(idempotencyKey).slice(0, 32);
}

/** A label's value as the API server accepts it: itself, or a digest. */
export function labelValue(text: string): string {
  if (/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(text)) return text;
  return `sha256-${createHash("sha256").update(text).digest("hex").slice(0, 40)}`;
}

/** The selector of sandboxes that may have these labels; what it finds is compared exactly afterwards. */
export function labelSelector(labels: Readonly<Record<string, string>>): string {
  const { [ownerLabel]: owner, [runLabel]: run } = labels;
  return [
    `${podLabels.managedBy}=${manager}`,
    podLabels.key,
    ...(owner === undefined ? [] : [`${podLabels.owner}=${labelValue(owner)}`]),
    ...(run === undefined ? [] : [`${podLabels.run}=${labelValue(run)}`]),
  ].join(",");
}
