import { z } from "zod";
import { batchRowSchema } from "../rows/batch-row.ts";

const json = z.record(z.string(), z.unknown());

/** `batch.json`: everything that another process needs to continue a batch. Holds no secret. */
export const batchRecordSchema = z.object({
  v: z.literal(1),
  id: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  /** Where the rows come from, for a list: a file, a directory, or `standard input`. */
  source: z.string(),
  /** The directory that the batch was started in. */
  directory: z.string(),
  /** Each row's files are in the directory of this one that has the row's id. An absolute path. */
  outputDirectory: z.string(),
  limits: z.object({
    concurrency: z.number().int().positive(),
    /** By provider, beside `concurrency`. */
    providers: z.record(z.string(), z.number().int().positive()),
    /** For all rows together, in US dollars. */
    maxCostUsd: z.number().positive().exactOptional(),
    maxTokens: z.number().int().positive().exactOptional(),
    strictBudget: z.boolean().exactOptional(),
  }),
  failFast: z.boolean(),
  /** How often a row may be retried. */
  retries: z.number().int().nonnegative(),
  /** What the program that started the batch needs to plan a row again. */
  options: json,
  rows: z.array(batchRowSchema).min(1),
});
export type BatchRecord = z.infer<typeof batchRecordSchema>;
