import { createHash } from "node:crypto";
import { InvalidOptionsError, ownerLabel, runLabel, type SandboxSpec } from "@glovebox/core/provider";

const prefix = "glovebox.docker.";
const maxLabels = 16;
const maxValueBytes = 256;

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

/** Throws `invalid-options` for labels that the contract does not allow. */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels);
  if (entries.length > maxLabels)
    throw invalid(`A sandbox has at most ${maxLabels} labels, and ${entries.length} were given`);
  for (const [key, value] of entries) {
    if (!/^[a-z0-9._-]{1,63}$/.test(key))
      throw invalid(`The label key ${JSON.stringify(key.slice(0, 80))} is not allowed`);
    if (key.startsWith(prefix)) throw invalid(`Label keys that begin with ${prefix} are the provider's own: ${key}`);
    if (typeof value !== "string" || Buffer.byteLength(value) > maxValueBytes) {
      throw invalid(`The value of the label ${key} is not a string of at most ${maxValueBytes} bytes`);
    }
    if (/\p{Cc}/u.test(value) || Buffer.from(value).toString() !== value)
      throw invalid(`The value of the label ${key} holds control characters`);
  }
}

/** The labels of a container for the spec. */
export function containerLabels(spec: SandboxSpec): Record<string, string> {
  checkLabels(spec.labels);
  for (const key of [ownerLabel, runLabel]) {
    if (!spec.labels[key]) throw invalid(`The label ${key} is missing`);
  }
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

export function keyDigest(idempotencyKey: string): string {
  return createHash("sha256").update(idempotencyKey).digest("hex");
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, {
    providerId: "docker",
    hint: "Keys are [a-z0-9._-]{1,63}, values at most 256 bytes, at most 16 of them, glovebox.owner and glovebox.run among them.",
  });
}
