/**
 * Batches: many prompts in sandboxes of their own, under one budget.
 *
 * @module @glovebox/batch
 */
export { type BatchRow, batchRowSchema, type RowComponents, type RowLimits } from "./rows/batch-row.ts";
export { type AttemptOutcome, type BatchEvent, batchEventSchema } from "./store/batch-journal.ts";
export { type BatchRecord, batchRecordSchema } from "./store/batch-record.ts";
export { type Verification, verificationSchema } from "./verify/verification.ts";
