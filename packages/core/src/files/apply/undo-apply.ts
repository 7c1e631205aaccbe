import { lstatSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { InvalidOptionsError, SandboxFileError } from "../../errors/index.ts";
import { hostGit } from "../git/host-git.ts";
import type { ManifestEntry, SkippedEntry } from "../manifest.ts";
import { type ApplyRecord, readNewestApply, removeApplyRecord } from "./apply-record.ts";
import { bundledRefs } from "./bundled-refs.ts";
import { openTarget } from "./open-target.ts";
import { TargetDirectory } from "./target-directory.ts";

/** What undoing the newest apply of a run would do. Nothing has been written. */
export interface UndoPlan {
  readonly runId: string;
  readonly runDirectory: string;
  /** The directory that the result was applied to. */
  readonly target: string;
  readonly appliedAt: Date;
  /** Written again as they were. */
  readonly restores: readonly ManifestEntry[];
  /** Made by the apply. Directories among them go when nothing else is in them. */
  readonly removes: readonly ManifestEntry[];
  /** Changed since they were applied, or no longer reachable: while there are any, nothing is undone. */
  readonly conflicts: readonly SkippedEntry[];
  /** The references to the agent's commits that go. */
  readonly refs: readonly string[];
}

/** What `undoApply` did, by paths relative to the target. */
export interface UndoReport {
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  /** What went wrong, entry by entry. The apply can then be undone again. */
  readonly failed: readonly SkippedEntry[];
}

const sinceApplied = "it was applied";

/** When a result of the run was last applied, and not undone since. */
export function lastApplied(runDirectory: string): Date | undefined {
  const newest = readNewestApply(runDirectory);
  return newest === undefined ? undefined : new Date(newest.record.at);
}

/** Compares the target with what the newest apply of a run made of it. `invalid-options` when there is none. */
export async function planUndo({ runDirectory }: { readonly runDirectory: string }): Promise<UndoPlan> {
  const { record } = newestApply(runDirectory);
  const target = await openTarget(record.target);
  const entries = record.entries.map(backwards);
  const directory = new TargetDirectory(target, entries, sinceApplied);
  const restores: ManifestEntry[] = [];
  const removes: ManifestEntry[] = [];
  const conflicts: SkippedEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    const status = await directory.status(entry, expected(record.entries[index]));
    if (status.state === "already") continue;
    if (status.state !== "ready") conflicts.push({ path: entry.path, reason: status.reason });
    else (entry.change === "deleted" ? removes : restores).push(entry);
  }
  const refs = (await refsOf(record, target)).map(({ ref }) => ref);
  const appliedAt = new Date(record.at);
  return { runId: record.runId, runDirectory, target, appliedAt, restores, removes, conflicts, refs };
}

/**
 * Undoes the newest apply of a run: first what it made is removed, then what it changed and deleted is written again. Each file in
 * one step, and each is looked at again before. Killed on the way, it can be done again. Throws `invalid-options`, with nothing
 * changed, when the target is not as it was applied.
 */
export async function undoApply({ runDirectory }: { readonly runDirectory: string }): Promise<UndoReport> {
  const plan = await planUndo({ runDirectory });
  if (plan.conflicts.length > 0)
    throw new InvalidOptionsError("Nothing was undone: files changed since it was applied");
  const { directory: place, record } = newestApply(runDirectory);
  const byPath = new Map(record.entries.map((entry) => [entry.path, entry]));
  const { target } = plan;
  const directory = new TargetDirectory(target, [...plan.restores, ...plan.removes], sinceApplied);
  directory.removeStale([...plan.restores, ...plan.removes]);
  const report = { restored: [] as string[], removed: [] as string[], failed: [] as SkippedEntry[] };
  const removes = plan.removes.toSorted((a, b) => (a.path < b.path ? 1 : -1));
  const restores = plan.restores.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const entry of [...removes, ...restores]) {
    try {
      const recorded = byPath.get(entry.path);
      const status = await directory.status(entry, expected(recorded));
      if (status.state === "already") continue;
      if (status.state !== "ready") throw new SandboxFileError(status.reason);
      if (entry.change !== "deleted") {
        await restore(directory, entry, join(place, recorded?.before?.backup ?? ""));
        report.restored.push(entry.path);
      } else if (remove(directory, entry, target)) report.removed.push(entry.path);
    } catch (error) {
      report.failed.push({ path: entry.path, reason: (error as Error).message });
    }
  }
  await removeRefs(record, target, report.failed);
  if (report.failed.length === 0) removeApplyRecord(place);
  return report;
}

function newestApply(runDirectory: string): { readonly directory: string; readonly record: ApplyRecord } {
  const newest = readNewestApply(runDirectory);
  if (newest !== undefined) return newest;
  throw new InvalidOptionsError("The run was not applied, or that was undone", {
    hint: "An apply can be undone until its run is removed.",
  });
}

type RecordedEntry = ApplyRecord["entries"][number];

/** The entry whose writing undoes a recorded one. */
function backwards({ path, before, after }: RecordedEntry): ManifestEntry {
  if (before === null) return { path, kind: after?.kind ?? "file", mode: "0600", change: "deleted" };
  const { backup: _, ...state } = before;
  return { path, ...state, change: after === null ? "created" : "changed" };
}

function expected(recorded: RecordedEntry | undefined) {
  return recorded?.after ? { path: recorded.path, ...recorded.after } : undefined;
}

async function restore(directory: TargetDirectory, entry: ManifestEntry, backup: string): Promise<void> {
  const isAsSeen = () => directory.isAsSeen(entry.path);
  const changed = () => new SandboxFileError("it changed here while the apply was undone");
  if (entry.kind === "file") {
    if (!(await directory.writeFile(entry, backup, isAsSeen, { exactMode: true }))) throw changed();
  } else if (!isAsSeen()) throw changed();
  else if (entry.kind === "directory") directory.makeDirectory(entry);
  else directory.writeSymlink(entry);
}

/** False for a directory that something of the user's is in. */
function remove(directory: TargetDirectory, entry: ManifestEntry, target: string): boolean {
  if (entry.kind !== "directory") {
    if (!directory.isAsSeen(entry.path)) throw new SandboxFileError("it changed here while the apply was undone");
    directory.delete(entry.path);
    return true;
  }
  const full = `${target}/${entry.path}`;
  if (!lstatSync(full).isDirectory()) throw new SandboxFileError("it is no longer a directory");
  try {
    rmdirSync(full);
    return true;
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** The references that the apply has made, and that nobody has moved since. */
async function refsOf({ bundle, runId }: ApplyRecord, target: string) {
  if (bundle === undefined) return [];
  const pattern = `refs/glovebox/${runId}/`;
  const { stdout } = await hostGit(["for-each-ref", "--format=%(refname) %(objectname)", pattern], { cwd: target });
  const existing = new Set(stdout.toString("utf8").split("\n"));
  return (await bundledRefs(bundle, runId)).filter(({ ref, commit }) => existing.has(`${ref} ${commit}`));
}

async function removeRefs(record: ApplyRecord, target: string, failed: SkippedEntry[]): Promise<void> {
  const { bundle } = record;
  if (bundle === undefined) return;
  try {
    const input = (await refsOf(record, target)).map(({ ref, commit }) => `delete ${ref} ${commit}\n`).join("");
    const { exitCode, stderr } = await hostGit(["update-ref", "--stdin"], { cwd: target, input });
    if (exitCode !== 0) throw new SandboxFileError(`git update-ref failed: ${stderr.slice(-300)}`);
  } catch (error) {
    failed.push({ path: bundle, reason: (error as Error).message });
  }
}
