import type { SandboxSpec } from "@glovebox/core/provider";
import { keyDigest, ownLabelPrefix } from "@glovebox/provider-kit";

const prefix = ownLabelPrefix({ id: "e2b", name: "E2B" });

/** Metadata that the provider adds to the spec's labels. */
export const ownMetadata = {
  /** SHA-256 of the idempotency key. It marks a sandbox as one of Glovebox's. */
  key: `${prefix}key`,
  /** The template's digest. */
  template: `${prefix}template`,
  rootInside: `${prefix}root-inside`,
} as const;

export type Metadata = Readonly<Record<string, string>>;

/** Returns the metadata of a sandbox for the spec. */
export function metadataOf(spec: SandboxSpec): Record<string, string> {
  return {
    ...spec.labels,
    [ownMetadata.key]: keyDigest(spec.idempotencyKey),
    [ownMetadata.template]: spec.template.digest,
    [ownMetadata.rootInside]: String(spec.rootInside === true),
  };
}

/** Whether this provider created the sandbox with this metadata. */
export function isSandbox(metadata: Metadata): boolean {
  return Boolean(metadata[ownMetadata.key]);
}

/** Returns the labels that the sandbox was created with. */
export function labelsOf(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith(prefix)));
}
