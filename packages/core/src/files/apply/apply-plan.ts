import { join } from "node:path";
import { SandboxAbortedError } from "../../errors/index.ts";
import { readBaseline } from "../baseline/baseline.ts";
import type { ExtractedEntry } from "../extract/extraction.ts";
import { hasCommits } from "../git/has-commits.ts";
import type { ManifestEntry, SkippedEntry } from "../manifest.ts";
import { type FetchedCommit, fetchCommits } from "./fetch-commits.ts";
import type { ApplyPlan } from "./plan-apply.ts";
import { recordApply } from "./record-apply.ts";
import { TargetDirectory } from "./target-directory.ts";

/** How `applyPlan` applies. Every option may be left out. */
export interface ApplyPlanOptions {
  /** Writes over what has changed since the run began. Default: false. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

/** What `applyPlan` did, by paths relative to the target. */
export interface ApplyReport {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  /** Left alone because the target has changed since. */
  readonly conflicts: readonly SkippedEntry[];
  readonly refused: readonly SkippedEntry[];
  /** What went wrong on the way, entry by entry; the bundle's own trouble by the bundle's path. */
  readonly failed: readonly SkippedEntry[];
  /** Where the agent's commits are in the target's repository. Never checked out. */
  readonly commits: readonly FetchedCommit[];
}

/**
 * Does what the plan says, each file in one step. Every entry is looked at again right before it is written, so a target
 * that changed after the plan is a conflict and not overwritten. Doing it again changes nothing. What is written over is kept in
 * the run's directory first, on the disk: `undoApply` brings it back, also after an apply that was killed.
 */
export async function applyPlan(plan: ApplyPlan, options: ApplyPlanOptions = {}): Promise<ApplyReport> {
  const { force = false, signal } = options;
  const baseline = await readBaseline(plan.runDirectory);
  const before = new Map((baseline?.entries ?? []).map((entry) => [entry.path, entry]));
  const report = { written: [] as string[], deleted: [] as string[], failed: [] as SkippedEntry[] };
  const conflicts: SkippedEntry[] = [];
  const refused: SkippedEntry[] = [...plan.refused];
  const planned = [...plan.deletes, ...plan.writes];
  if (force) planned.push(...plan.conflicts.map(({ entry }) => entry));
  else conflicts.push(...plan.conflicts.map(({ entry, reason }) => ({ path: entry.path, reason })));
  const directory = new TargetDirectory(plan.target, planned);
  directory.removeStale([...planned, ...plan.conflicts.map(({ entry }) => entry)]);
  const bringsCommits = plan.bundle !== undefined && !(await hasCommits(plan.target, plan.runId));
  const recorded =
    planned.length > 0 || bringsCommits ? await recordApply({ plan, planned, bringsCommits, directory }) : undefined;
  for (const entry of inOrder(planned)) {
    if (signal?.aborted) throw new SandboxAbortedError("Applying was cancelled; what was written by then stays");
    try {
      const isAsRecorded = () => recorded?.isAsRecorded(entry.path) ?? false;
      const outcome = await applyEntry(directory, entry, before.get(entry.path), {
        source: plan.source,
        force,
        isAsRecorded,
      });
      if (outcome === "written" || outcome === "deleted") report[outcome].push(entry.path);
      else if (outcome?.state === "conflict") conflicts.push({ path: entry.path, reason: outcome.reason });
      else if (outcome?.state === "refused") refused.push({ path: entry.path, reason: outcome.reason });
    } catch (error) {
      report.failed.push({ path: entry.path, reason: (error as Error).message });
    }
  }
  const commits = await bringCommits(plan, report.failed, signal);
  const isChanged = report.written.length + report.deleted.length + (bringsCommits ? commits.length : 0) > 0;
  if (!isChanged && report.failed.length === 0) recorded?.discard();
  return { ...report, conflicts, refused, commits };
}

/** Deletes first, the deepest first, so that a file can take a directory's place; then the rest from the top down. */
function inOrder(entries: readonly ManifestEntry[]): ManifestEntry[] {
  const byPath = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const deletes = byPath.filter((entry) => entry.change === "deleted").reverse();
  return [...deletes, ...byPath.filter((entry) => entry.change !== "deleted")];
}

async function applyEntry(
  directory: TargetDirectory,
  entry: ManifestEntry,
  before: ExtractedEntry | undefined,
  options: { readonly source: string; readonly force: boolean; readonly isAsRecorded: () => boolean },
) {
  const { source, force, isAsRecorded } = options;
  const status = await directory.status(entry, before);
  if (status.state === "already") return undefined;
  if (status.state === "refused" || (status.state === "conflict" && !force)) return status;
  const mayTakePlace = () => isAsRecorded() && (force || directory.isAsSeen(entry.path));
  const conflict = { state: "conflict", reason: "it changed here while the result was applied" } as const;
  if (entry.kind === "file" && entry.change !== "deleted") {
    return (await directory.writeFile(entry, join(source, entry.path), mayTakePlace)) ? "written" : conflict;
  }
  if (!mayTakePlace()) return conflict;
  if (entry.change === "deleted") {
    directory.delete(entry.path);
    return "deleted";
  }
  if (entry.kind === "directory") directory.makeDirectory(entry);
  else directory.writeSymlink(entry);
  return "written";
}

async function bringCommits(plan: ApplyPlan, failed: SkippedEntry[], signal: AbortSignal | undefined) {
  const { bundle, target, runId } = plan;
  if (bundle === undefined) return [];
  try {
    return await fetchCommits({ bundle, target, runId, signal });
  } catch (error) {
    failed.push({ path: bundle, reason: (error as Error).message });
    return [];
  }
}
