import { join } from "node:path";
import { SandboxAbortedError } from "../errors/index.ts";
import type { ManifestEntry, SkippedEntry } from "../run/run-result.ts";
import { readBaseline } from "./baseline.ts";
import type { ExtractedEntry } from "./extraction.ts";
import { type FetchedCommit, fetchCommits } from "./fetch-commits.ts";
import type { ApplyPlan } from "./plan-apply.ts";
import { TargetFolder } from "./target-folder.ts";

export interface ApplyPlanOptions {
  /** Writes over what has changed since the run began. False unless given. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

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
 * that changed after the plan is a conflict and not overwritten. Doing it again changes nothing.
 */
export async function applyPlan(plan: ApplyPlan, options: ApplyPlanOptions = {}): Promise<ApplyReport> {
  const { force = false, signal } = options;
  const baseline = await readBaseline(plan.runDir);
  const before = new Map((baseline?.entries ?? []).map((entry) => [entry.path, entry]));
  const report = { written: [] as string[], deleted: [] as string[], failed: [] as SkippedEntry[] };
  const conflicts: SkippedEntry[] = [];
  const refused: SkippedEntry[] = [...plan.refused];
  const planned = [...plan.deletes, ...plan.writes];
  if (force) planned.push(...plan.conflicts.map(({ entry }) => entry));
  else conflicts.push(...plan.conflicts.map(({ entry, reason }) => ({ path: entry.path, reason })));
  const folder = new TargetFolder(plan.target, planned);
  for (const entry of inOrder(planned)) {
    if (signal?.aborted) throw new SandboxAbortedError("Applying was cancelled; what was written by then stays");
    try {
      const outcome = await applyEntry(folder, entry, before.get(entry.path), plan.source, force);
      if (outcome === "written" || outcome === "deleted") report[outcome].push(entry.path);
      else if (outcome?.state === "conflict") conflicts.push({ path: entry.path, reason: outcome.reason });
      else if (outcome?.state === "refused") refused.push({ path: entry.path, reason: outcome.reason });
    } catch (error) {
      report.failed.push({ path: entry.path, reason: (error as Error).message });
    }
  }
  const commits = await bringCommits(plan, report.failed, signal);
  return { ...report, conflicts, refused, commits };
}

/** Deletes first, the deepest first, so that a file can take a folder's place; then the rest from the top down. */
function inOrder(entries: readonly ManifestEntry[]): ManifestEntry[] {
  const byPath = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const deletes = byPath.filter((entry) => entry.change === "deleted").reverse();
  return [...deletes, ...byPath.filter((entry) => entry.change !== "deleted")];
}

async function applyEntry(
  folder: TargetFolder,
  entry: ManifestEntry,
  before: ExtractedEntry | undefined,
  source: string,
  force: boolean,
) {
  const standing = await folder.standing(entry, before);
  if (standing.state === "already") return undefined;
  if (standing.state === "refused" || (standing.state === "conflict" && !force)) return standing;
  if (entry.change === "deleted") {
    folder.delete(entry.path);
    return "deleted";
  }
  if (entry.kind === "directory") folder.makeDirectory(entry);
  else if (entry.kind === "symlink") folder.writeSymlink(entry);
  else await folder.writeFile(entry, join(source, entry.path));
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
