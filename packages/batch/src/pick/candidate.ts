import { createRunStore, type ManifestEntry, openDiff, type RunResult } from "@glovebox/core";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeName } from "@glovebox/core/text";
import { type ReportRow, reportRow } from "../report/report-row.ts";
import type { BatchStore } from "../store/batch-store.ts";

/** A file that a candidate changed. */
export interface CandidateFile {
  readonly path: string;
  readonly change: ManifestEntry["change"];
  /** Lines; absent for a binary file, and where the contents were not kept. */
  readonly added?: number;
  readonly deleted?: number;
}

/** A row of a group, with what its run changed. */
export interface Candidate extends ReportRow {
  /** The run's directory in the state directory; absent without a run. */
  readonly runDirectory?: string;
  /** Sorted by path; empty for a run that brought nothing back. */
  readonly changedFiles: readonly CandidateFile[];
  /** Lines added and deleted, all files together. */
  readonly diffLines: number;
}

/** Whose candidates are read. */
export interface ReadCandidatesOptions {
  readonly batches: BatchStore;
  readonly id: string;
  /** The group's name: what the rows of one prompt share. Required where the batch has several. */
  readonly group?: string | undefined;
  /** The state directory. `$GLOVEBOX_HOME` or `~/.glovebox` by default. */
  readonly home?: string;
}

/**
 * The candidates for one prompt of a batch, in the order of the rows. Throws `invalid-options` for a group that does not exist, and
 * where the batch has several groups and none is named.
 */
export async function readCandidates(options: ReadCandidatesOptions): Promise<readonly Candidate[]> {
  const { batches, home = stateDirectory() } = options;
  const { id } = batches.get(options.id);
  const states = batches.rows(id);
  const group = groupOf([...new Set(states.map(({ row }) => row.group))], options.group);
  const runs = createRunStore(home);
  const candidates: Candidate[] = [];
  for (const state of states) {
    if (state.row.group !== group) continue;
    const { runId = "" } = state.last ?? {};
    const run = runId === "" ? undefined : await runs.get(runId).catch(ifMissing);
    const result = run && (await runs.result(run.runId).catch(ifMissing));
    const changedFiles = run && result ? await filesOf(result, run.runDirectory) : [];
    candidates.push({
      ...reportRow(state, result),
      changedFiles,
      diffLines: changedFiles.reduce((sum, { added = 0, deleted = 0 }) => sum + added + deleted, 0),
      ...(run === undefined ? {} : { runDirectory: run.runDirectory }),
    });
  }
  return candidates;
}

function groupOf(groups: readonly string[], named: string | undefined): string {
  const [only] = groups;
  if (named === undefined && groups.length === 1 && only !== undefined) return only;
  if (named !== undefined && groups.includes(named)) return named;
  const hint = `Its groups: ${groups
    .slice(0, 20)
    .map((group) => safeName(group))
    .join(", ")}${groups.length > 20 ? ", …" : ""}`;
  if (named === undefined)
    throw new InvalidOptionsError("The batch has several groups; name one with --group", { hint });
  throw new InvalidOptionsError(`The batch has no group ${safeName(named)}`, { hint });
}

/** A run that was removed, or cannot be read, has no files; its row has its verdict. */
function ifMissing(error: unknown): undefined {
  if (!SandboxError.isInstance(error)) throw error;
  return undefined;
}

async function filesOf(result: RunResult, runDirectory: string): Promise<readonly CandidateFile[]> {
  const changed = (result.files?.manifest ?? []).filter(
    ({ change, kind }) => change !== "unchanged" && kind !== "directory",
  );
  const lines = await linesOf(result, runDirectory);
  return changed.map(({ path, change }) => {
    const { added, deleted } = lines.get(path) ?? {};
    return { path, change, ...(added === undefined || deleted === undefined ? {} : { added, deleted }) };
  });
}

async function linesOf(result: RunResult, runDirectory: string) {
  try {
    return await (await openDiff({ result, runDirectory })).lines();
  } catch (error) {
    // Without a workspace there is nothing to compare with: the files are counted, and no lines.
    if (!SandboxError.isInstance(error)) throw error;
    return new Map<string, { readonly added?: number; readonly deleted?: number }>();
  }
}
