import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";
import { pageOf } from "./page.ts";
import { runSettings } from "./run-request.ts";

const rowSchema = z
  .strictObject({
    id: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[\w][\w.-]*$/)
      .optional()
      .openapi({ description: "Default: its number." }),
    prompt: z.string().min(1).max(1_000_000),
    model: z.string().min(1).max(200).optional(),
    harness: z.string().min(1).max(200).optional(),
    provider: z.string().min(1).max(200).optional(),
    labels: z.record(z.string(), z.string()).optional(),
  })
  .openapi("BatchRow");

/** The body of `POST /v1/batches`. */
export const batchRequestSchema = z
  .strictObject({
    name: z.string().min(1).max(200).optional(),
    rows: z.array(rowSchema).min(1).max(1000),
    run: z.strictObject(runSettings).optional().openapi({ description: "What all rows have in common." }),
    maxCostUsd: z
      .number()
      .positive()
      .optional()
      .openapi({ description: "What its runs may cost in all, in US dollars." }),
    concurrency: z.int().min(1).max(1000).optional().openapi({ description: "How many of its runs may run at once." }),
  })
  .openapi("BatchRequest");

/** See {@link batchRequestSchema}. */
export type BatchRequest = z.infer<typeof batchRequestSchema>;

/** Many runs that were started together. */
export const batchSchema = z
  .object({
    id: z.string(),
    userId: z.string(),
    name: z.string().optional(),
    state: z.enum(["running", "ended"]),
    counts: z.object({
      total: z.int(),
      queued: z.int(),
      running: z.int(),
      succeeded: z.int(),
      failed: z.int().openapi({ description: "With every other outcome." }),
    }),
    costUsd: z.number(),
    maxCostUsd: z.number().optional(),
    concurrency: z.int().optional(),
    createdAt: momentSchema,
    endedAt: momentSchema.optional(),
  })
  .openapi("Batch");

/** A page of batches. */
export const batchPageSchema = pageOf("batches", batchSchema).openapi("BatchPage");

const sliceSchema = z.object({
  name: z.string(),
  rows: z.int(),
  passed: z.int(),
  passRate: z
    .object({ rate: z.number(), low: z.number(), high: z.number() })
    .optional()
    .openapi({ description: "With its 95% interval. Absent before a row has ended." }),
  costUsd: z.number(),
  tokens: z.number(),
  durationMs: z.number(),
});

/** What came of a batch, or has come of it so far. */
export const batchReportSchema = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    isComplete: z.boolean(),
    total: sliceSchema,
    slices: z
      .array(z.object({ by: z.enum(["model", "harness", "provider"]), slices: z.array(sliceSchema) }))
      .openapi({ description: "By what the rows differ in." }),
    rows: z.array(
      z.object({
        rowId: z.string(),
        runId: z.string(),
        state: z.string(),
        outcome: z.string().optional(),
        promptPreview: z.string(),
        model: z.string().optional(),
        harness: z.string(),
        provider: z.string(),
        costUsd: z.number().optional(),
        durationMs: z.number().optional(),
        filesCount: z.int().optional(),
      }),
    ),
  })
  .openapi("BatchReport");
