import { copyFile, link, readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { makeHostDirectory } from "../../host-files/make-host-directory.ts";
import { TargetDirectory } from "../apply/target-directory.ts";
import { addToSnapshot } from "../collect/write-patch.ts";
import { changedFiles } from "../diff/changed-files.ts";
import type { ExtractedEntry } from "../extract/extraction.ts";
import type { CollectedFiles, ManifestEntry } from "../manifest.ts";
import { readBaseline, writeBaseline } from "./baseline.ts";
import { SnapshotStore } from "./snapshot-store.ts";

/** How `shareBaseline` shares. */
export interface ShareBaselineOptions {
  /** The state directory of the run that another one is a fork of. */
  readonly from: string;
  /** The state directory of the fork. */
  readonly runDirectory: string;
  readonly workspace: string;
  /** What the earlier run brought back; absent while it runs. */
  readonly files: CollectedFiles | undefined;
  readonly signal: AbortSignal;
}

/**
 * Lets a fork, which starts from the files in an earlier run's sandbox, compare its result with the project: with what went in
 * then, and with the earlier run's changes where the project has them by now. Contents are shared with the earlier run, so
 * that a large project costs next to nothing. Nothing where the earlier run has no baseline.
 */
export async function shareBaseline(options: ShareBaselineOptions): Promise<void> {
  const { from, runDirectory, files, signal } = options;
  const baseline = await readBaseline(from);
  if (baseline === null) return;
  if (baseline.snapshot) await linkTree(SnapshotStore.place(from), SnapshotStore.place(runDirectory));
  const applied = files === undefined ? [] : await appliedChanges(await realpath(options.workspace), files.manifest);
  const entries = new Map(baseline.entries.map((entry) => [entry.path, entry]));
  for (const { change, ...entry } of applied) {
    if (change === "deleted") entries.delete(entry.path);
    else entries.set(entry.path, entry satisfies ExtractedEntry);
  }
  if (baseline.snapshot && files !== undefined && applied.length > 0) {
    const store = new SnapshotStore(runDirectory, signal);
    const { comparable } = changedFiles(applied, baseline);
    await addToSnapshot(store.commit("baseline", "baseline"), files.directory, comparable);
  }
  await writeBaseline(runDirectory, { ...baseline, entries: [...entries.values()] });
}

/** What the project has of the earlier run's changes. */
async function appliedChanges(workspace: string, manifest: readonly ManifestEntry[]): Promise<ManifestEntry[]> {
  const project = new TargetDirectory(workspace, manifest);
  const applied: ManifestEntry[] = [];
  for (const entry of manifest) {
    if (entry.change === "unchanged") continue;
    if ((await project.status(entry, undefined)).state === "already") applied.push(entry);
  }
  return applied;
}

/** The earlier run's comparison of its own is left out: git would not let the fork's replace it. */
const ownOfEarlier = "result";

/** Hard links where they can be made: git writes none of these files over. */
async function linkTree(from: string, to: string): Promise<void> {
  await makeHostDirectory(to, 0o700);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await linkTree(source, target);
    else if (entry.isFile() && entry.name !== ownOfEarlier)
      await link(source, target).catch(() => copyFile(source, target));
  }
}
