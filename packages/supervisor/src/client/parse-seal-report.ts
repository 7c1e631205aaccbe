import type { SealReport } from "../protocol/seal-report.ts";

/** The most addresses or interfaces that are read of a report, and the most characters of each. */
const maxItems = 64;
const maxCharacters = 128;

/** Anything but a report counts as no check. */
export function parseSealReport(reply: unknown): SealReport {
  const { checked, answered, interfaces } = (reply ?? {}) as Record<string, unknown>;
  return { checked: checked === true, answered: texts(answered), interfaces: texts(interfaces) };
}

function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : []).slice(0, maxItems).map((item) => String(item).slice(0, maxCharacters));
}
