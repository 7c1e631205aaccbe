import type { ManifestEntry } from "../run/run-result.ts";
import type { Baseline } from "./baseline.ts";
import type { ExtractedEntry, Extraction } from "./extraction.ts";
import { parentOf } from "./parent-of.ts";

/**
 * The manifest: what came back, against what went in, sorted by path. Deleted is only what a whole archive does not name,
 * that no rule leaves out, and that does not lie below something which could not be looked into.
 */
export function compareWithBaseline(
  extraction: Extraction,
  baseline: Baseline | null,
  ignores: (path: string, isDirectory: boolean) => boolean,
): ManifestEntry[] {
  const before = new Map((baseline?.entries ?? []).map((entry) => [entry.path, entry]));
  const manifest: ManifestEntry[] = [];
  for (const entry of extraction.entries.values()) {
    manifest.push({ ...entry, change: changeOf(entry, before.get(entry.path)) });
  }
  if (extraction.complete) {
    for (const entry of before.values()) {
      if (extraction.entries.has(entry.path) || isUnknown(entry.path, extraction.left)) continue;
      if (!ignores(entry.path, entry.kind === "directory")) manifest.push({ ...entry, change: "deleted" });
    }
  }
  return manifest.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

export function sameEntry(a: ExtractedEntry, b: ExtractedEntry): boolean {
  return a.kind === b.kind && a.mode === b.mode && a.sha256 === b.sha256 && a.target === b.target;
}

function changeOf(entry: ExtractedEntry, before: ExtractedEntry | undefined): ManifestEntry["change"] {
  if (before === undefined) return "created";
  return sameEntry(entry, before) ? "unchanged" : "changed";
}

function isUnknown(path: string, left: ReadonlySet<string>): boolean {
  for (let place = path; place !== ""; place = parentOf(place)) if (left.has(place)) return true;
  return false;
}
