import { InvalidOptionsError } from "../errors/index.ts";
import type { SettingType } from "./run-setting.ts";

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const unitsMiB: Readonly<Record<string, number>> = { k: 1 / 1024, m: 1, g: 1024, t: 1024 * 1024 };

/** The longest time that a Node.js timer takes: about 24 days. */
const longestMs = 2 ** 31 - 1;

/** Parses `90s`, `30m` or `1h30m` to milliseconds. Throws `invalid-options`. */
export function parseDuration(text: string): number {
  const problem = "Expected a duration with its unit, such as 90s, 30m or 1h30m.";
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) throw new InvalidOptionsError(problem);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    total += Number(amount) * (unitsMs[unit ?? ""] ?? 0);
  }
  if (total < 1) throw new InvalidOptionsError(problem);
  if (total > longestMs) throw new InvalidOptionsError("At most 24d.");
  return Math.round(total);
}

/** Parses `512m`, `4g` or `1.5GiB` to MiB. Throws `invalid-options`. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt])(?:i?b)?$/i.exec(text);
  const mib = match === null ? 0 : Number(match[1]) * (unitsMiB[(match[2] ?? "").toLowerCase()] ?? 0);
  if (mib < 1) throw new InvalidOptionsError("Expected a size with its unit, at least 1m: 512m, 4g.");
  return Math.round(mib);
}

/** Parses a number above zero: `1.5` processors, `0.25` dollars. Throws `invalid-options`. */
export function parseAmount(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (value <= 0) throw new InvalidOptionsError("Expected a number above 0.");
  return value;
}

/** Parses a whole number above zero. Throws `invalid-options`. */
export function parseCount(text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw new InvalidOptionsError("Expected a whole number above 0.");
  return value;
}

/** Parses `80%` to 0.8; above 0, at most 100%. Throws `invalid-options`. */
export function parseShare(text: string): number {
  const value = /^\d{1,3}(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) / 100 : 0;
  if (value <= 0 || value > 1) throw new InvalidOptionsError("Expected a percentage above 0% and up to 100%: 80%.");
  return value;
}

/** Splits at commas; an empty item is `invalid-options`. */
export function parseCommas(text: string): readonly string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) throw new InvalidOptionsError("Expected one, or several separated by commas.");
  return items;
}

/** Splits `Read,Bash(git log, git diff)` at the commas outside brackets. Throws `invalid-options` when nothing is left. */
export function parseTools(text: string): readonly string[] {
  const items = text
    .split(/,(?![^(]*\))/)
    .map((item) => item.trim())
    .filter((item) => item !== "");
  if (items.length === 0) throw new InvalidOptionsError("Expected names, separated by commas.");
  return items;
}

const parsers = {
  text: (text: string) => text,
  duration: parseDuration,
  size: parseSize,
  amount: parseAmount,
  count: parseCount,
  share: parseShare,
  list: (text: string): readonly string[] => [text],
  commas: parseCommas,
  tools: parseTools,
} as const satisfies Readonly<Record<Exclude<SettingType, "switch">, (text: string) => unknown>>;

/** Parses a value as the command line or an environment variable gives it. Values of a list are added to those before. */
export function parseValue(type: SettingType, text: string, before?: unknown): unknown {
  const value = type === "switch" ? true : parsers[type](text);
  return Array.isArray(value) && Array.isArray(before) ? [...before, ...value] : value;
}

/** Writes a value as the command line takes it: `30m`, `5g`. */
export function formatValue(type: string, value: number | string): string {
  if (typeof value === "string") return value;
  if (type === "duration") return formatDuration(value);
  if (type === "share") return `${Number((value * 100).toFixed(6))}%`;
  if (type === "size") return value % 1024 === 0 ? `${value / 1024}g` : `${value}m`;
  return String(value);
}

function formatDuration(ms: number): string {
  const parts = (["h", "m", "s", "ms"] as const).map((unit, index, units) => {
    const above = unitsMs[units[index - 1] ?? ""] ?? Number.POSITIVE_INFINITY;
    const count = Math.floor((ms % above) / (unitsMs[unit] ?? 1));
    return count === 0 ? "" : `${count}${unit}`;
  });
  return parts.join("");
}
