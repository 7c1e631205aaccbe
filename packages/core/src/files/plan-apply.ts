import type { ManifestEntry, RunResult, SkippedEntry } from "../run/run-result.ts";

export interface PlanApplyOptions {
  readonly result: RunResult;
  /** The run's state folder on the host. */
  readonly runDir: string;
  /** The folder that the result is brought into: the project that went in, or another one. */
  readonly target: string;
}

/** What `applyPlan` would do. Nothing has been written. */
export interface ApplyPlan {
  readonly runId: string;
  /** The folder that is written to, as a real path. */
  readonly target: string;
  /** The folder that the collected files lie in. */
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
  /** The agent's commits as a git bundle, when there are any and the target is a git repository. */
  readonly bundle?: string;
}

export interface ApplyConflict {
  readonly entry: ManifestEntry;
  readonly reason: string;
}

/** Compares a result with the folder it shall be brought into. Writes nothing. */
export async function planApply(options: PlanApplyOptions): Promise<ApplyPlan> {
  throw new Error(`not there yet: ${options.target}`);
}
