import { createHash } from "node:crypto";
import type { TemplateLayer } from "@glovebox/core/provider";

/** A template that every gateway of its operator has: the provider's own default one, with E2B's user and tools. */
export interface BuiltInTemplate {
  /** Harnesses that are installed in it. Default: none. */
  readonly layers?: readonly TemplateLayer[];
  /** Processors of its sandboxes. Default: as for other templates. */
  readonly cpuCount?: number;
  readonly memoryMB?: number;
}

/** The templates that a gateway has without a build, by name. */
export type BuiltInTemplates = Readonly<Record<string, BuiltInTemplate>>;

/** The template that a client gets who names none. */
export const baseTemplate = "base";

/** By which E2B knows its own. */
const baseId = "rki5dems9wqfm4r03t7g";

/** Images that stand for the base template in a client's `fromImage`. */
export function isBaseImage(image: string): boolean {
  return /^(docker\.io\/)?e2bdev\/base(:[\w.-]+)?$/.test(image);
}

/** The id of a built-in template: the same on every gateway. */
export function builtInId(name: string): string {
  if (name === baseTemplate) return baseId;
  const digest = BigInt(`0x${createHash("sha256").update(`built-in ${name}`).digest("hex")}`);
  return digest.toString(36).slice(0, baseId.length);
}
