import { z } from "zod";
import { remedySchema } from "../errors/remedy.ts";
import { cleanupSchema, runOutcomeSchema } from "../events/run-event.ts";
import { collectedFilesSchema } from "../files/manifest.ts";

/** Validates the result of a run. Fields that it does not know are left out. */
export const runResultSchema = z.object({
  v: z.literal(1),
  runId: z.string(),
  outcome: runOutcomeSchema,
  /** Why, in one line. */
  reason: z.string(),
  hint: z.string().optional(),
  /** What would help, for programs. */
  remedy: remedySchema.optional(),
  exitCode: z.number(),
  cleanup: cleanupSchema,
  providerId: z.string(),
  sandboxId: z.string().optional(),
  harnessId: z.string(),
  sessionId: z.string().optional(),
  startedAt: z.string(),
  durationMs: z.number(),
  /** The harness's final result. */
  message: z.string().optional(),
  /** The answer that the task's `jsonSchema` asks for. Absent if the harness gave none that matches. */
  structuredOutput: z.unknown().optional(),
  turns: z.number().optional(),
  /** In US dollars: as the gateway read it where it can, else as the harness says. Absent when nobody knows. */
  costUsd: z.number().optional(),
  /** What the models were allowed to cost. */
  maxCostUsd: z.number().optional(),
  /** How many tokens the models were allowed to use: input, output, and written to the cache. */
  maxTokens: z.number().optional(),
  tokens: z.object({ input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() }).optional(),
  /** Absent when the run ended before there was anything to collect. */
  files: collectedFilesSchema.optional(),
});
/** What came of a run. It never depends on whether the files could be collected or the sandbox removed. */
export interface RunResult extends z.infer<typeof runResultSchema> {}
