import type { RunResult } from "@glovebox/core";
import type { BatchRow } from "../rows/batch-row.ts";
import type { RowState, RowStatus } from "../store/row-states.ts";
import type { Verification } from "../verify/verification.ts";

/** What a report shows of a row. */
export interface ReportRow {
  readonly id: string;
  readonly group: string;
  readonly prompt: string;
  readonly provider: string;
  readonly harness: string;
  readonly model?: string;
  /** Absent where there was no run. */
  readonly runId?: string;
  readonly status: RowStatus;
  /** Whether the row counts as passed: its run succeeded, and so did its verification where it has one. */
  readonly passed: boolean;
  /** Whether there is anything to count: a row that still runs, waits or was interrupted has no verdict. */
  readonly isDecided: boolean;
  /** Why it ended so, in one line. */
  readonly reason: string;
  readonly verification?: Verification;
  readonly attempts: number;
  readonly durationMs: number;
  /** In US dollars, of all attempts. */
  readonly costUsd: number;
  readonly tokens: number;
  /** Files that the run changed; absent where it brought none back. */
  readonly files?: FileCounts;
}

/** How many files a run created, changed and deleted, and the size of the changed ones in bytes. */
export interface FileCounts {
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  readonly bytes: number;
}

const undecided: ReadonlySet<RowStatus> = new Set(["waiting", "running", "interrupted", "cancelled"]);

/** A row with what came of it. `result` is that of its last run, where there is one. */
export function reportRow(state: RowState, result: RunResult | undefined): ReportRow {
  const { row, status, attempts, last, costUsd, tokens } = state;
  const { verification, reason = "" } = last?.end ?? {};
  const files = result?.files && countFiles(result);
  return {
    ...identity(row),
    status,
    passed: status === "succeeded",
    isDecided: !undecided.has(status) && verification?.verdict !== "not-verified",
    reason,
    attempts: attempts.length,
    durationMs: attempts.reduce((sum, { end }) => sum + (end?.durationMs ?? 0), 0),
    costUsd,
    tokens,
    ...(last === undefined || last.runId === "" ? {} : { runId: last.runId }),
    ...(verification === undefined ? {} : { verification }),
    ...(files === undefined ? {} : { files }),
  };
}

function identity({ id, group, prompt, provider, harness, model }: BatchRow) {
  return { id, group, prompt, provider, harness, ...(model === undefined ? {} : { model }) };
}

/** Counts a result's changes; directories do not count. */
export function countFiles({ files }: RunResult): FileCounts {
  const counts = { created: 0, changed: 0, deleted: 0, bytes: 0 };
  for (const { change, kind, size = 0 } of files?.manifest ?? []) {
    if (change === "unchanged" || kind === "directory") continue;
    counts[change] += 1;
    if (change !== "deleted") counts.bytes += size;
  }
  return counts;
}
