import { InvalidArgumentError } from "commander";

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A timer of Node's holds no more: about 24 days. */
const longestMs = 2 ** 31 - 1;

/** `90s`, `30m`, `1h30m`: in milliseconds. */
export function parseDuration(text: string): number {
  const hint = "Expected a duration with its unit, such as 90s, 30m or 1h30m.";
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) throw new InvalidArgumentError(hint);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (unitsMs[unit ?? ""] ?? 0);
  }
  if (total < 1) throw new InvalidArgumentError(hint);
  if (total > longestMs) throw new InvalidArgumentError("At most 24d.");
  return Math.round(total);
}

const unitsMiB: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 };

/** `512m`, `4g`, `1.5GiB`: in MiB. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt])(?:i?b)?$/i.exec(text);
  const mib = match === null ? 0 : Number(match[1]) * (unitsMiB[(match[2] ?? "").toLowerCase()] ?? 0);
  if (mib < 1) throw new InvalidArgumentError("Expected a size with its unit, at least 1m: 512m, 4g.");
  return Math.round(mib);
}

/** A number above zero; `1.5` processors, `0.25` dollars. */
export function parseAmount(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value <= 0) throw new InvalidArgumentError("Expected a number above 0.");
  return value;
}

/** A whole number above zero. */
export function parseWhole(text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw new InvalidArgumentError("Expected a whole number above 0.");
  return value;
}

/** Gathers what a repeated option is given. */
export function gather(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** `Read,Bash(git log, git diff)`: commas inside brackets belong to the tool. */
export function gatherList(value: string, before: readonly string[] = []): readonly string[] {
  const items = value
    .split(/,(?![^(]*\))/)
    .map((item) => item.trim())
    .filter((item) => item !== "");
  if (items.length === 0) throw new InvalidArgumentError("Expected names, separated by commas.");
  return [...before, ...items];
}

/** A port that something can listen on. */
export function parsePort(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > 65_535) throw new InvalidArgumentError("Expected a port from 1 to 65535.");
  return value;
}
