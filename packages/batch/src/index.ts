/**
 * Batches: many prompts in sandboxes of their own, under one budget.
 *
 * @module @glovebox/batch
 */
export type { AttemptPlace, BatchHost, BatchWatcher, PlannedRun } from "./engine/batch-host.ts";
export { type BatchResult, hasSucceeded } from "./engine/batch-result.ts";
export {
  type Batch,
  createBatch,
  type ResumeBatchOptions,
  type RunBatchOptions,
  resumeBatch,
  startBatch,
} from "./engine/start-batch.ts";
export type { Matrix } from "./file/batch-file.ts";
export {
  type BatchFile,
  type BatchFormat,
  batchFormats,
  type ReadBatchFileOptions,
  readBatchFile,
  type SourceRow,
} from "./file/read-batch-file.ts";
export type { RowInput } from "./file/row-input.ts";
export { type Candidate, type CandidateFile, type ReadCandidatesOptions, readCandidates } from "./pick/candidate.ts";
export { type PickBestOptions, type Picked, pickBest } from "./pick/pick-best.ts";
export {
  type BatchReport,
  type BatchReportOptions,
  formatBatchReport,
  type ReportDimension,
  type ReportFormat,
  type ReportSlice,
  readBatchReport,
  reportFormats,
} from "./report/batch-report.ts";
export type { FileCounts, ReportRow } from "./report/report-row.ts";
export { type PassRate, passRate } from "./report/wilson-interval.ts";
export { type BatchRow, batchRowSchema, type RowComponents, type RowLimits } from "./rows/batch-row.ts";
export { type ExpandRowsOptions, expandRows } from "./rows/expand-rows.ts";
export { rowsOfPromptDirectory } from "./rows/prompt-directory.ts";
export { type AttemptEnd, type AttemptOutcome, type BatchEvent, batchEventSchema } from "./store/batch-event.ts";
export { type BatchRecord, batchRecordSchema } from "./store/batch-record.ts";
export { type BatchStore, type BatchSummary, createBatchStore } from "./store/batch-store.ts";
export type { Attempt, RowState, RowStatus } from "./store/row-states.ts";
export { type Cheat, type Verification, verificationSchema } from "./verify/verification.ts";
export type { VerifyOptions } from "./verify/verify-options.ts";
export { verifyRun } from "./verify/verify-run.ts";
