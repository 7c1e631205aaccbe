import type { Run, RunEvent, RunResult } from "@glovebox/core";
import type { CostBudget, SandboxProvider } from "@glovebox/core/provider";
import type { BatchRow } from "../rows/batch-row.ts";
import type { BatchEvent } from "../store/batch-event.ts";
import type { RowState } from "../store/row-states.ts";
import type { Verification } from "../verify/verification.ts";

/** What an attempt's run is made with, beside what its row says. */
export interface AttemptPlace {
  /** Counts from 1. */
  readonly attempt: number;
  readonly batchId: string;
  /** Where the files of this attempt go. An absolute path. */
  readonly outputDirectory: string;
}

/** A run that is ready to start. */
export interface PlannedRun {
  readonly runId: string;
  /** Starts the run. Throws for what is only known then. */
  start(options: { readonly signal: AbortSignal; readonly budget?: CostBudget }): Run;
}

/** How a batch plans, recovers and verifies the runs of its rows. */
export interface BatchHost {
  /** Plans an attempt. Throws for everything that is wrong with the row, and starts nothing. Never called twice at a time. */
  plan(row: BatchRow, place: AttemptPlace): Promise<PlannedRun>;
  /** The provider of a row, ready for use: to recover a run whose process died. */
  providerOf(row: BatchRow): Promise<SandboxProvider>;
  /** Judges the result of a row that has `verify` and whose run succeeded. */
  verify?(row: BatchRow, result: RunResult, signal: AbortSignal): Promise<Verification>;
}

/** What somebody who watches a batch receives. */
export interface BatchWatcher {
  /** An event was written to the batch's journal; `state` is the row's since then. */
  onBatchEvent?(event: BatchEvent, state: RowState | undefined): void;
  /** An event of the run of a row. */
  onRunEvent?(row: BatchRow, event: RunEvent): void;
  /** A row waits before it is retried. */
  onRetry?(row: BatchRow, delayMs: number): void;
  /** The result of a row is being verified. */
  onVerify?(row: BatchRow): void;
  /** Something that the user should know. */
  onWarning?(message: string): void;
}
