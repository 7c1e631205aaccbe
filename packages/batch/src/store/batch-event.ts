import { runOutcomeSchema } from "@glovebox/core";
import { z } from "zod";
import { verificationSchema } from "../verify/verification.ts";

/**
 * How an attempt ended: the outcome of its run; `interrupted` when the process that ran it died before the run ended; or
 * `not-started` when there was no run, because it could not be planned.
 */
export const attemptOutcomeSchema = z.enum([...runOutcomeSchema.options, "interrupted", "not-started"]);
/** How an attempt ended: the outcome of its run, or why there was none. */
export type AttemptOutcome = z.infer<typeof attemptOutcomeSchema>;

/** What is recorded of an attempt's end. */
export const attemptEndSchema = z.object({
  outcome: attemptOutcomeSchema,
  /** Why, in one line. */
  reason: z.string(),
  /** Of the run, as `glovebox run` would have exited. */
  exitCode: z.number(),
  durationMs: z.number(),
  /** In US dollars, where it is known. Of an interrupted run: what its requests that had ended cost. */
  costUsd: z.number().exactOptional(),
  /** All tokens that the models read and wrote, where that is known. */
  tokens: z.number().exactOptional(),
  /** Whether the row is done with it. If not, it is retried, or runs again when the batch is resumed. */
  isFinal: z.boolean(),
  verification: verificationSchema.exactOptional(),
});
/** What is recorded of an attempt's end. */
export type AttemptEnd = z.infer<typeof attemptEndSchema>;

const attempt = {
  /** ISO 8601. */
  time: z.string(),
  row: z.string(),
  /** Counts from 1. */
  attempt: z.number().int().positive(),
  /** Empty where there was no run. */
  runId: z.string(),
};

/** One line of `journal.ndjson`. Readers ignore types that they do not know. */
export const batchEventSchema = z.discriminatedUnion("type", [
  /** Written before anything of the attempt's run exists. */
  z.object({ type: z.literal("row.started"), ...attempt }),
  z.object({ type: z.literal("row.ended"), ...attempt, ...attemptEndSchema.shape }),
  /** A final row runs again, because the user wants that. */
  z.object({ type: z.literal("row.reopened"), time: z.string(), row: z.string() }),
  /** The batch ended, or was stopped. A batch that is resumed gets several. */
  z.object({ type: z.literal("batch.ended"), time: z.string(), exitCode: z.number(), reason: z.string() }),
]);
/** One line of a batch's journal. */
export type BatchEvent = z.infer<typeof batchEventSchema>;
