import { runOutcomeSchema } from "@glovebox/core";
import { z } from "zod";
import { verificationSchema } from "../verify/verification.ts";

/**
 * How an attempt ended: the outcome of its run; `interrupted` when the process that ran it died before the run ended; or
 * `not-started` when there was no run, because it could not be planned.
 */
export const attemptOutcomeSchema = z.enum([...runOutcomeSchema.options, "interrupted", "not-started"]);
export type AttemptOutcome = z.infer<typeof attemptOutcomeSchema>;

const attempt = { time: z.string(), row: z.string(), attempt: z.number().int().positive(), runId: z.string() };

/** One line of `journal.ndjson`. Readers ignore types that they do not know. */
export const batchEventSchema = z.discriminatedUnion("type", [
  /** Written before anything of the attempt's run exists. */
  z.object({ type: z.literal("row.started"), ...attempt }),
  z.object({
    type: z.literal("row.ended"),
    ...attempt,
    outcome: attemptOutcomeSchema,
    /** Why, in one line. */
    reason: z.string(),
    /** Of the run, as `glovebox run` would have exited. */
    exitCode: z.number(),
    durationMs: z.number(),
    /** In US dollars, where it is known. Of an interrupted run: what its requests that had ended cost. */
    costUsd: z.number().optional(),
    /** Whether another attempt follows. */
    willRetry: z.boolean(),
    verification: verificationSchema.optional(),
  }),
  /** The batch ended, or was stopped. A batch that is resumed gets several. */
  z.object({ type: z.literal("batch.ended"), time: z.string(), exitCode: z.number(), reason: z.string() }),
]);
export type BatchEvent = z.infer<typeof batchEventSchema>;
