import { ownerLabel, runLabel } from "@glovebox/core/provider";
import type { ProviderIdentity } from "../provider-identity.ts";
import { invalidOptions } from "./spec-errors.ts";

const maxLabels = 16;
const maxValueBytes = 256;
const hint =
  "Keys are [a-z0-9._-]{1,63}, values at most 256 bytes of text, at most 16 of them, glovebox.owner and glovebox.run among them.";

/** What the provider's own labels begin with: no label of a spec or a filter may. */
export function ownLabelPrefix({ id }: ProviderIdentity): string {
  return `glovebox.${id}.`;
}

/** Throws `invalid-options` for labels that no sandbox can have: of a spec, or of a filter of `list`. */
export function checkLabels(provider: ProviderIdentity, labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels);
  const prefix = ownLabelPrefix(provider);
  if (entries.length > maxLabels)
    throw invalidOptions(provider, `Too many labels: ${entries.length} (at most ${maxLabels})`, hint);
  for (const [key, value] of entries) {
    if (!/^[a-z0-9._-]{1,63}$/.test(key))
      throw invalidOptions(provider, `Invalid label key ${JSON.stringify(key.slice(0, 80))}`, hint);
    if (key.startsWith(prefix))
      throw invalidOptions(provider, `Invalid label key ${key}: ${prefix}* is reserved for the provider`, hint);
    if (!isLabelValue(value)) throw invalidOptions(provider, `Invalid value of the label ${key}`, hint);
  }
}

/** Throws `invalid-options` where the labels lack one that a reaper needs to find the sandbox by. */
export function checkRequiredLabels(provider: ProviderIdentity, labels: Readonly<Record<string, string>>): void {
  for (const key of [ownerLabel, runLabel])
    if (!labels[key]) throw invalidOptions(provider, `The label ${key} is missing`, hint);
}

function isLabelValue(value: unknown): boolean {
  if (typeof value !== "string" || Buffer.byteLength(value) > maxValueBytes) return false;
  // A lone surrogate does not survive the way to a vendor.
  return !/\p{Cc}/u.test(value) && Buffer.from(value).toString() === value;
}
