import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Baseline } from "../baseline/baseline.ts";
import { sameEntry } from "../baseline/compare-baseline.ts";
import type { Extraction } from "../extract/extraction.ts";
import type { InstallBaseline } from "./install-baseline.ts";

/**
 * Takes what was installed and is still as it was out of what came back, on the disk too; with the directories that were made
 * for it and hold nothing else. What the project itself has at the same path stays: it went in with the installed merged in.
 */
export function dropUnchangedComponents(
  extraction: Extraction,
  directory: string,
  installed: InstallBaseline,
  baseline: Baseline | null,
): Extraction {
  const own = new Set((baseline?.entries ?? []).map(({ path }) => path));
  const entries = new Map(extraction.entries);
  let { bytes } = extraction;
  // What lies in a directory comes before the directory.
  for (const before of [...installed.entries].sort((a, b) => (a.path < b.path ? 1 : -1))) {
    const entry = entries.get(before.path);
    if (entry === undefined || own.has(before.path)) continue;
    const place = join(directory, before.path);
    if (before.kind === "directory") {
      if (entry.kind !== "directory" || readdirSync(place).length > 0) continue;
      rmdirSync(place);
    } else {
      if (!sameEntry(entry, before)) continue;
      rmSync(place);
      bytes -= entry.size ?? 0;
    }
    entries.delete(before.path);
  }
  return { ...extraction, entries, bytes };
}
