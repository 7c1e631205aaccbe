import { InvalidOptionsError } from "../../errors/index.ts";
import { readBaseline } from "../baseline/baseline.ts";
import { findGitWorkspace } from "../git/git-workspace.ts";
import type { CollectedFiles, ManifestEntry, SkippedEntry } from "../manifest.ts";
import type { PathSelection } from "../paths/path-selection.ts";
import { openTarget } from "./open-target.ts";
import { TargetDirectory } from "./target-directory.ts";

/** What `planApply` compares: a result and a directory. */
export interface PlanApplyOptions {
  readonly result: { readonly runId: string; readonly files?: CollectedFiles | undefined };
  /** The run's state directory on the host. */
  readonly runDirectory: string;
  /** The directory that the result is brought into: the project that went in, or another one. */
  readonly target: string;
  /** Only these files. The agent's commits are then left out: they are whole. Default: everything. */
  readonly selection?: PathSelection;
}

/** What `applyPlan` would do. Nothing has been written. */
export interface ApplyPlan {
  readonly runId: string;
  readonly runDirectory: string;
  /** The directory that is written to, as a real path. */
  readonly target: string;
  /** The directory that the collected files lie in. */
  readonly source: string;
  /** Created or changed, and the target still is as it was before the run. */
  readonly writes: readonly ManifestEntry[];
  /** Files and links that the run deleted, and the target still has as they were. */
  readonly deletes: readonly ManifestEntry[];
  /** The target has changed since: left alone unless forced. */
  readonly conflicts: readonly ApplyConflict[];
  /** Never written, forced or not, and why. */
  readonly refused: readonly SkippedEntry[];
  /** How many entries the target has already. */
  readonly already: number;
  /** Of the writes and conflicts, those that can make the host execute something. Ask before applying. */
  readonly executable: readonly string[];
  /** The agent's commits as a git bundle, when there are any and the target is in a git repository. */
  readonly bundle?: string;
}

/** A file of a result that is not written, because the target has changed since the run began. */
export interface ApplyConflict {
  readonly entry: ManifestEntry;
  readonly reason: string;
}

/** Compares a result with the directory it shall be brought into. Writes nothing. */
export async function planApply(options: PlanApplyOptions): Promise<ApplyPlan> {
  const { result, runDirectory } = options;
  if (result.files === undefined)
    throw new InvalidOptionsError("The run brought no files back, so nothing can be applied");
  const { directory, manifest, executable, bundle } = result.files;
  const target = await openTarget(options.target);
  const { selection } = options;
  const isWhole = selection === undefined || selection.isEverything;
  const selected = isWhole ? manifest : manifest.filter(({ path }) => selection.includes(path));
  const sorted = await sortEntries(selected, target, runDirectory);
  const touched = new Set([...sorted.writes, ...sorted.conflicts.map(({ entry }) => entry)].map((entry) => entry.path));
  const inGit = isWhole && bundle !== undefined && (await findGitWorkspace(target)) !== undefined;
  return {
    runId: result.runId,
    runDirectory,
    target,
    source: directory,
    ...sorted,
    executable: executable.filter((path) => touched.has(path)),
    ...(inGit ? { bundle } : {}),
  };
}

type SortedEntries = Pick<ApplyPlan, "writes" | "deletes" | "conflicts" | "refused" | "already">;

async function sortEntries(
  manifest: readonly ManifestEntry[],
  target: string,
  runDirectory: string,
): Promise<SortedEntries> {
  const baseline = await readBaseline(runDirectory);
  const before = new Map((baseline?.entries ?? []).map((entry) => [entry.path, entry]));
  const targetDirectory = new TargetDirectory(target, manifest);
  const writes: ManifestEntry[] = [];
  const deletes: ManifestEntry[] = [];
  const conflicts: ApplyConflict[] = [];
  const refused: SkippedEntry[] = [];
  let already = 0;
  for (const entry of manifest) {
    if (entry.change === "unchanged" || (entry.change === "deleted" && entry.kind === "directory")) continue;
    const status = await targetDirectory.status(entry, before.get(entry.path));
    if (status.state === "already") already += 1;
    else if (status.state === "refused") refused.push({ path: entry.path, reason: status.reason });
    else if (status.state === "conflict") conflicts.push({ entry, reason: status.reason });
    else if (entry.change === "deleted") deletes.push(entry);
    else writes.push(entry);
  }
  return { writes, deletes, conflicts, refused, already };
}
