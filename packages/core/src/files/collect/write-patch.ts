import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { streamHostFile } from "../../host-files/read-host-file.ts";
import { safeName } from "../../text/safe-name.ts";
import type { Baseline } from "../baseline/baseline.ts";
import { SnapshotStore, type SnapshotWriter } from "../baseline/snapshot-store.ts";
import { changedFiles } from "../diff/changed-files.ts";
import type { ManifestEntry } from "../manifest.ts";

export interface WritePatchOptions {
  readonly runDirectory: string;
  /** Where the collected files lie. */
  readonly directory: string;
  readonly baseline: Baseline;
  readonly manifest: readonly ManifestEntry[];
  readonly signal?: AbortSignal | undefined;
  onWarning?(code: string, message: string): void;
}

/**
 * Writes the changes as a patch that `git apply` takes in the original project, and returns its path; `undefined` when
 * nothing changed that a patch can say. It is made on the host of what was kept at the upload and what was collected.
 */
export async function writePatch(options: WritePatchOptions): Promise<string | undefined> {
  const { runDirectory, baseline, signal } = options;
  const changes = selectChanges(options);
  if (changes.length === 0) return undefined;
  const store = new SnapshotStore(runDirectory, signal);
  await addToSnapshot(store.commit("result", "baseline"), options.directory, changes);
  const patch = join(runDirectory, "changes.patch");
  return (await store.diff("baseline", "result", baseline.prefix, patch)) ? patch : undefined;
}

/** Fills a commit with changes of a result whose files are in `directory`, and ends it; abandons it where that fails. */
export async function addToSnapshot(
  writer: SnapshotWriter,
  directory: string,
  changes: readonly ManifestEntry[],
): Promise<void> {
  try {
    // What gives way goes first: a file may have become a directory.
    for (const entry of changes) if (isGone(entry)) await writer.remove(entry.path);
    for (const entry of changes) if (!isGone(entry)) await addEntry(writer, directory, entry);
    await writer.end();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

function selectChanges({ manifest, baseline, onWarning }: WritePatchOptions): readonly ManifestEntry[] {
  const { comparable, tooLarge } = changedFiles(manifest, baseline);
  if (tooLarge.length > 0) {
    const names =
      tooLarge
        .slice(0, 5)
        .map(({ path }) => safeName(path))
        .join(", ") + (tooLarge.length > 5 ? ", …" : "");
    onWarning?.("patch", `${tooLarge.length} too large for the patch, but among the files: ${names}`);
  }
  return comparable;
}

/** Deleted, or a file that a directory took the place of: git has no words for directories. */
function isGone(entry: ManifestEntry): boolean {
  return entry.change === "deleted" || entry.kind === "directory";
}

async function addEntry(writer: SnapshotWriter, directory: string, entry: ManifestEntry): Promise<void> {
  if (entry.kind === "symlink") {
    await writer.symlink(entry.path, entry.target ?? readlinkSync(join(directory, entry.path)));
    return;
  }
  await writer.file(entry.path, (Number.parseInt(entry.mode, 8) & 0o100) !== 0, entry.size ?? 0);
  if (entry.size === 0) return;
  let left = entry.size ?? 0;
  for await (const chunk of streamHostFile(join(directory, entry.path), { noFollow: true })) {
    const bytes = (chunk as Buffer).subarray(0, left);
    left -= bytes.length;
    await writer.content(bytes);
  }
  if (left > 0) throw new Error(`${safeName(entry.path)} became shorter while it was read`);
}
