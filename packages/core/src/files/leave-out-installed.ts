import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Baseline } from "./baseline.ts";
import { sameEntry } from "./compare-baseline.ts";
import type { Extraction } from "./extraction.ts";
import type { Installed } from "./installed.ts";

/**
 * Takes what was installed and is still as it was out of what came back, on the disk too; with the folders that were made
 * for it and hold nothing else. What the project itself has at the same path stays: it went in with the installed merged in.
 */
export function leaveOutInstalled(
  extraction: Extraction,
  directory: string,
  installed: Installed,
  baseline: Baseline | null,
): Extraction {
  const own = new Set((baseline?.entries ?? []).map(({ path }) => path));
  const entries = new Map(extraction.entries);
  let { bytes } = extraction;
  // What lies in a folder comes before the folder.
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
