import type { ExtractedEntry, Extraction } from "../extract/extraction.ts";
import type { InstallBaseline } from "../install/install-baseline.ts";
import type { ManifestEntry } from "../manifest.ts";
import { parentOf } from "../paths/parent-of.ts";
import type { Baseline } from "./baseline.ts";

/**
 * The manifest: what came back, against what went in, sorted by path. Deleted is only what a whole archive does not name,
 * that no rule leaves out, and that does not lie below something which could not be looked into.
 */
export function compareWithBaseline(
  extraction: Extraction,
  baseline: Baseline | null,
  installed: InstallBaseline | null,
  ignores: (path: string, isDirectory: boolean) => boolean,
): ManifestEntry[] {
  const before = new Map((baseline?.entries ?? []).map((entry) => [entry.path, entry]));
  const added = new Map((installed?.entries ?? []).map((entry) => [entry.path, entry]));
  const manifest: ManifestEntry[] = [];
  for (const entry of extraction.entries.values()) {
    const put = added.get(entry.path);
    // A file of the project's that components were merged into, and nobody has changed since.
    const isAsPut = put !== undefined && entry.kind === "file" && sameEntry(entry, put);
    // Without a project it is compared with what the output held.
    const earlier = baseline === null ? extraction.replaced.get(entry.path) : before.get(entry.path);
    manifest.push({ ...entry, change: isAsPut ? "unchanged" : changeOf(entry, earlier) });
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
