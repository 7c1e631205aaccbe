import { maxPatchFileBytes } from "../baseline/snapshot-store.ts";
import type { ExtractedEntry } from "../extract/extraction.ts";
import type { ManifestEntry } from "../manifest.ts";

/** All changed content together; git holds what it compares in memory. */
const maxPatchBytes = 512 * 1024 * 1024;

export interface ChangedFiles {
  /** What a patch can say: files and links that changed, and directories that took the place of one. */
  readonly comparable: readonly ManifestEntry[];
  readonly tooLarge: readonly ManifestEntry[];
}

/** The entries of a manifest that differ from what went in, apart from directories, which git does not know. */
export function changedFiles(
  manifest: readonly ManifestEntry[],
  baseline: { readonly entries: readonly ExtractedEntry[] },
): ChangedFiles {
  const before = new Map(baseline.entries.map((entry) => [entry.path, entry]));
  const comparable: ManifestEntry[] = [];
  const tooLarge: ManifestEntry[] = [];
  let total = 0;
  for (const entry of manifest) {
    const { kind } = before.get(entry.path) ?? entry;
    if (entry.change === "unchanged" || (entry.kind === "directory" && kind === "directory")) continue;
    total += entry.size ?? 0;
    const fits = isSmall(entry) && isSmall(before.get(entry.path)) && total <= maxPatchBytes;
    (fits ? comparable : tooLarge).push(entry);
  }
  return { comparable, tooLarge };
}

function isSmall(entry: ExtractedEntry | undefined): boolean {
  return (entry?.size ?? 0) <= maxPatchFileBytes;
}
