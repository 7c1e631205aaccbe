import type { ChangedLines, ManifestEntry } from "@glovebox/core";
import { formatBytes, formatCount, safeName } from "@glovebox/core/text";
import truncatedWidth from "fast-string-truncated-width";
import type { Output } from "../output.ts";

const widestBar = 40;
const narrowestBar = 10;

/** A line for each changed file with the number of its lines, and one for all of them. */
export function diffStat(
  entries: readonly ManifestEntry[],
  lines: ReadonlyMap<string, ChangedLines>,
  output: Output,
): readonly string[] {
  const rows = entries.map((entry) => ({ name: safeName(entry.path), entry, lines: lines.get(entry.path) }));
  const totals = rows.map(({ lines }) => (lines?.added ?? 0) + (lines?.deleted ?? 0));
  const digits = String(Math.max(0, ...totals)).length;
  const widest = Math.max(0, ...rows.map(({ name }) => widthOf(name)));
  const nameWidth = output.isTTY ? Math.min(widest, output.columns - narrowestBar - digits - 5) : widest;
  const barWidth = output.isTTY ? Math.min(widestBar, output.columns - nameWidth - digits - 5) : widestBar;
  const scale = Math.min(1, barWidth / Math.max(1, ...totals));
  const shown = rows.map(({ name, entry, lines }) => {
    const label = fitEnd(name, nameWidth);
    return ` ${label}${" ".repeat(nameWidth - widthOf(label))} | ${measure(entry, lines, { digits, scale, output })}`;
  });
  return entries.length === 0 ? [] : [...shown, summary(entries, [...lines.values()])];
}

function measure(
  { kind, change, size = 0 }: ManifestEntry,
  lines: ChangedLines | undefined,
  { digits, scale, output }: { readonly digits: number; readonly scale: number; readonly output: Output },
): string {
  if (lines === undefined)
    return kind === "directory" ? "now a directory" : `too large to compare, ${formatBytes(size)}`;
  if (lines.isBinary) return change === "deleted" ? "binary, deleted" : `binary, ${formatBytes(size)}`;
  const { added = 0, deleted = 0 } = lines;
  const { green, red } = output.colors;
  // Whatever changed is seen, however little it is beside the rest.
  const bar = (count: number, sign: string) => sign.repeat(count === 0 ? 0 : Math.max(1, Math.floor(count * scale)));
  const count = String(added + deleted).padStart(digits);
  return `${count} ${green(bar(added, "+"))}${red(bar(deleted, "-"))}`.trimEnd();
}

function summary(entries: readonly ManifestEntry[], lines: readonly ChangedLines[]): string {
  const parts = (["created", "changed", "deleted"] as const).flatMap((change) => {
    const count = entries.filter((entry) => entry.change === change).length;
    return count === 0 ? [] : `${count.toLocaleString("en-US")} ${change}`;
  });
  const sum = (of: (one: ChangedLines) => number | undefined) =>
    lines.reduce((total, one) => total + (of(one) ?? 0), 0);
  const added = formatCount(
    sum((one) => one.added),
    "line",
  );
  return ` ${parts.join(", ")}; ${added} added, ${sum((one) => one.deleted).toLocaleString("en-US")} deleted`;
}

/** The end of a path says most. */
function fitEnd(name: string, width: number): string {
  const characters = [...name];
  while (characters.length > 1 && widthOf(characters.join("")) > width) {
    const over = widthOf(characters.join("")) - width;
    characters.splice(0, Math.max(2, Math.ceil(over / 2) + 1), "…");
  }
  return characters.join("");
}

function widthOf(text: string): number {
  return truncatedWidth(text).width;
}
