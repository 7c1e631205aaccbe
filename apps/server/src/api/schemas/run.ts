import { runOutcomeSchema, runPhaseSchema, runResultSchema } from "@glovebox/core";
import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";
import { pageOf, pageQuery } from "./page.ts";
import { runRequestSchema } from "./run-request.ts";

/** Where a run is on its way through the queue. */
export const runStateSchema = z.enum(["queued", "running", "ended"]);

const tokensSchema = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number(),
  cacheWrite: z.number(),
});

/** What a list of runs shows of one. */
export const runSchema = z
  .object({
    id: z.string(),
    userId: z.string().openapi({ description: "Who started it." }),
    state: runStateSchema,
    phase: runPhaseSchema.optional(),
    outcome: runOutcomeSchema.optional(),
    reason: z.string().optional().openapi({ description: "Why it ended so, in one line." }),
    exitCode: z.int().optional(),
    name: z.string().optional(),
    promptPreview: z.string(),
    harness: z.string(),
    provider: z.string(),
    model: z.string().optional(),
    template: z.string().optional(),
    labels: z.record(z.string(), z.string()),
    interactive: z.boolean().openapi({ description: "Whether it has a terminal, at `/v1/runs/{id}/terminal`." }),
    batchId: z.string().optional(),
    rowId: z.string().optional(),
    continues: z.string().optional().openapi({ description: "The run that it continues." }),
    forkOf: z.string().optional(),
    priority: z.int(),
    place: z.int().optional().openapi({ description: "Its place in the queue, from 1, while it is queued." }),
    workerId: z.string().optional(),
    sandboxId: z.string().optional(),
    createdAt: momentSchema,
    startedAt: momentSchema.optional(),
    endedAt: momentSchema.optional(),
    durationMs: z.number().optional(),
    costUsd: z.number().optional(),
    tokens: tokensSchema.optional(),
    filesCount: z.int().optional(),
    filesBytes: z.number().optional(),
    lastEventSeq: z.int(),
    stalledSince: momentSchema.optional().openapi({ description: "Since when it makes no progress." }),
  })
  .openapi("Run");

/** One run with what was asked for and what came of it. */
export const runDetailSchema = runSchema
  .extend({
    request: runRequestSchema,
    result: runResultSchema.omit({ files: true }).optional().openapi({ description: "Of a run that has ended." }),
  })
  .openapi("RunDetail");

/** A page of runs. */
export const runPageSchema = pageOf("runs", runSchema).openapi("RunPage");

/** The runs that a request creates. */
export const runListSchema = z.object({ runs: z.array(runSchema) }).openapi("RunList");

/** The query of `GET /v1/runs`. */
export const runFilterSchema = z.object({
  ...pageQuery,
  state: runStateSchema.optional(),
  outcome: runOutcomeSchema.optional(),
  user: z.string().max(200).optional().openapi({ description: "The id of a user, or `me`." }),
  harness: z.string().max(200).optional(),
  provider: z.string().max(200).optional(),
  batch: z.string().max(200).optional(),
  label: z
    .union([z.string().max(400), z.array(z.string().max(400)).max(16)])
    .optional()
    .openapi({ description: "`NAME=VALUE` or `NAME`; repeatable.", type: "string" }),
  q: z.string().max(200).optional().openapi({ description: "Words of the name, the prompt or the id." }),
});

/** The body of `PATCH /v1/runs/{id}`. */
export const runChangeSchema = z
  .strictObject({ priority: z.int().min(0).max(9).openapi({ description: "Of a run that is queued." }) })
  .openapi("RunChange");

/** The body of `POST /v1/runs/{id}/stop`. */
export const stopRequestSchema = z
  .strictObject({
    force: z
      .boolean()
      .optional()
      .openapi({ description: "Remove the sandbox at once; files that were not collected are lost." }),
  })
  .openapi("StopRequest");

/** The body of `POST /v1/runs/{id}/input`. */
export const inputRequestSchema = z.strictObject({ text: z.string().min(1).max(65_536) }).openapi("InputRequest");
