import { InvalidOptionsError, ownerLabel, runLabel, type SandboxSpec } from "@glovebox/core/provider";

const prefix = "glovebox.cloudflare.";
const maxLabels = 16;
const maxValueBytes = 256;

/** The label that the provider adds to those of the spec: the template's digest. */
export const templateLabel = `${prefix}template`;

/** Throws `invalid-options` for labels that the contract does not allow. */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels);
  if (entries.length > maxLabels)
    throw invalid(`A sandbox has at most ${maxLabels} labels, and ${entries.length} were given`);
  for (const [key, value] of entries) {
    if (!/^[a-z0-9._-]{1,63}$/.test(key))
      throw invalid(`The label key ${JSON.stringify(key.slice(0, 80))} is not allowed`);
    if (key.startsWith(prefix)) throw invalid(`Label keys that begin with ${prefix} are the provider's own: ${key}`);
    const fits = typeof value === "string" && Buffer.byteLength(value) <= maxValueBytes;
    if (!fits || /\p{Cc}/u.test(value) || Buffer.from(value).toString() !== value)
      throw invalid(`The value of the label ${key} is not text of at most ${maxValueBytes} bytes`);
  }
}

/** The labels that the Worker keeps for a spec. */
export function workerLabels({ labels, template }: SandboxSpec): Record<string, string> {
  return { ...labels, [templateLabel]: template.digest };
}

/** The labels that the sandbox was created with. */
export function sandboxLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith(prefix)));
}

/** Throws `invalid-options` where whoever may remove the sandbox could not find it. */
export function checkRequiredLabels(labels: Readonly<Record<string, string>>): void {
  for (const key of [ownerLabel, runLabel]) if (!labels[key]) throw invalid(`The label ${key} is missing`);
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, {
    providerId: "cloudflare",
    hint: "Keys are [a-z0-9._-]{1,63}, values at most 256 bytes, at most 16 of them, glovebox.owner and glovebox.run among them.",
  });
}
