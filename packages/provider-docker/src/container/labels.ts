import type { SandboxSpec } from "@glovebox/core/provider";
import { keyDigest } from "@glovebox/provider-kit";

const prefix = "glovebox.docker.";

/** Labels that the provider adds to those of the spec. Their presence is what makes a container one of ours. */
export const ownLabels = {
  /** SHA-256 of the idempotency key. */
  key: `${prefix}key`,
  /** The template's digest. */
  template: `${prefix}template`,
  /** The lease that it was created with, in milliseconds. */
  ttlMs: `${prefix}ttl-ms`,
  rootInside: `${prefix}root-inside`,
  /** The keys of the spec's labels: a container also carries the labels of its image, which are not the sandbox's. */
  keys: `${prefix}labels`,
} as const;

/** The labels of a container for the spec. */
export function containerLabels(spec: SandboxSpec): Record<string, string> {
  return {
    ...spec.labels,
    [ownLabels.key]: keyDigest(spec.idempotencyKey),
    [ownLabels.template]: spec.template.digest,
    [ownLabels.ttlMs]: String(spec.ttlMs),
    [ownLabels.rootInside]: String(spec.rootInside === true),
    [ownLabels.keys]: Object.keys(spec.labels).join(","),
  };
}

/** Whether a container with these labels is a sandbox of this provider. */
export function isSandbox(labels: Readonly<Record<string, string>>): boolean {
  // Empty where it comes from the image of a snapshot.
  return Boolean(labels[ownLabels.key]);
}

/** The labels that the sandbox was created with. */
export function sandboxLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const keys = labels[ownLabels.keys]?.split(",") ?? [];
  const entries = keys.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}

/** A container's name for an idempotency key, so that a create of unknown outcome can be found again. */
export function containerName(idempotencyKey: string): string {
  return `glovebox-${keyDigest(idempotencyKey).slice(0, 32)}`;
}
