import { createHash } from "node:crypto";
import { InvalidOptionsError, ownerLabel, runLabel, type SandboxSpec } from "@glovebox/core/provider";

const prefix = "glovebox.e2b.";
const maxLabels = 16;
const maxValueBytes = 256;

/** Metadata beside the spec's labels. */
export const ownMetadata = {
  /** SHA-256 of the idempotency key. Its presence is what makes a sandbox one of ours. */
  key: `${prefix}key`,
  /** The template's digest. */
  template: `${prefix}template`,
  rootInside: `${prefix}root-inside`,
} as const;

export type Metadata = Readonly<Record<string, string>>;

/** Throws `invalid-options` for labels that the contract does not allow. */
export function checkLabels(labels: Metadata): void {
  const entries = Object.entries(labels);
  if (entries.length > maxLabels)
    throw invalid(`A sandbox has at most ${maxLabels} labels, and ${entries.length} were given`);
  for (const [key, value] of entries) {
    if (!/^[a-z0-9._-]{1,63}$/.test(key))
      throw invalid(`The label key ${JSON.stringify(key.slice(0, 80))} is not allowed`);
    if (key.startsWith(prefix)) throw invalid(`Label keys that begin with ${prefix} are the provider's own: ${key}`);
    const fits = typeof value === "string" && Buffer.byteLength(value) <= maxValueBytes;
    if (!fits || /\p{Cc}/u.test(value) || Buffer.from(value).toString() !== value) {
      throw invalid(`The value of the label ${key} is not text of at most ${maxValueBytes} bytes`);
    }
  }
}

/** The metadata of a sandbox for the spec. */
export function metadataOf(spec: SandboxSpec): Record<string, string> {
  return {
    ...spec.labels,
    [ownMetadata.key]: keyDigest(spec.idempotencyKey),
    [ownMetadata.template]: spec.template.digest,
    [ownMetadata.rootInside]: String(spec.rootInside === true),
  };
}

export function checkRequiredLabels(labels: Metadata): void {
  for (const key of [ownerLabel, runLabel]) if (!labels[key]) throw invalid(`The label ${key} is missing`);
}

/** Whether a sandbox with this metadata was made by this provider. */
export function isSandbox(metadata: Metadata): boolean {
  return Boolean(metadata[ownMetadata.key]);
}

/** The labels that the sandbox was created with. */
export function labelsOf(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith(prefix)));
}

export function keyDigest(idempotencyKey: string): string {
  return createHash("sha256").update(idempotencyKey).digest("hex");
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, {
    providerId: "e2b",
    hint: "Keys are [a-z0-9._-]{1,63}, values at most 256 bytes of text, 16 labels in all.",
  });
}
