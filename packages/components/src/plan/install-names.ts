import { baseName } from "../catalog/base-name.ts";
import type { ResolvedName } from "../names/resolve-name.ts";

import { foldedName } from "./folded-name.ts";

type Entry = ResolvedName["entry"];

/**
 * What each component's file or directory is called inside, in their order: its name without the category, but with it
 * where two of a kind have the same, or a command has the name of a skill, which Claude Code would hide behind the
 * skill.
 */
export function installNames(all: readonly ResolvedName[]): string[] {
  const used = new Set<string>();
  return all.map(({ entry }) => {
    const wanted = wantedName(entry, all);
    if (!isFile(entry)) return wanted;
    let name = wanted;
    for (let count = 2; used.has(foldedName(`${entry.kind} ${name}`)) && name !== entry.name; count += 1)
      name = count === 2 ? withCategory(entry) : `${withCategory(entry)}-${count - 1}`;
    used.add(foldedName(`${entry.kind} ${name}`));
    return name;
  });
}

function wantedName(entry: Entry, all: readonly ResolvedName[]): string {
  const own = baseName(entry.name);
  if (!isFile(entry)) return own;
  const isNamed = (kind: Entry["kind"]): number =>
    all.filter((other) => other.entry.kind === kind && foldedName(baseName(other.entry.name)) === foldedName(own))
      .length;
  const isHidden = entry.kind === "command" && isNamed("skill") > 0;
  return isNamed(entry.kind) < 2 && !isHidden ? own : withCategory(entry);
}

function withCategory(entry: Entry): string {
  if (entry.kind !== "command") return entry.name.replaceAll("/", "-");
  return entry.name.includes("/") ? entry.name : `${entry.name}-command`;
}

/** Hooks and settings are merged: their names are no files. */
function isFile({ kind }: Entry): boolean {
  return kind !== "hook" && kind !== "setting";
}
