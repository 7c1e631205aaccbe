import { join } from "node:path";
import { readStateFile, replaceFileSync } from "@glovebox/core/state";
import { safeJson } from "@glovebox/core/text";
import { z } from "zod";
import { batchRowSchema } from "../rows/batch-row.ts";

const count = z.number().int().positive();

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
  /** How many rows run at the same time. */
  concurrency: count,
  /** The same by provider, beside `concurrency`. */
  providerConcurrency: z.record(z.string(), count),
  /** For all rows together, in US dollars. */
  maxCostUsd: z.number().positive().exactOptional(),
  /** For all rows together. */
  maxTokens: count.exactOptional(),
  /** Whether a request leaves only once the most that it can cost is reserved. */
  strictBudget: z.boolean().exactOptional(),
  /** Whether the first row that fails stops the batch. */
  failFast: z.boolean(),
  /** How often a row may be retried. */
  retries: z.number().int().nonnegative(),
  /** What the program that started the batch needs to plan a row again. */
  options: z.record(z.string(), z.unknown()),
  rows: z.array(batchRowSchema).min(1),
});
/** `batch.json`: everything that another process needs to continue a batch. Holds no secret. */
export type BatchRecord = z.infer<typeof batchRecordSchema>;

const hint = "Restore the file from a backup, or remove the batch: glovebox batch rm --force";

export function writeBatchRecord(directory: string, record: BatchRecord): void {
  replaceFileSync(fileOf(directory), `${safeJson(record)}\n`);
}

/** `undefined` when there is none. Throws a `SandboxError` for one that cannot be read. */
export function readBatchRecord(directory: string): BatchRecord | undefined {
  return readStateFile(fileOf(directory), batchRecordSchema, hint);
}

function fileOf(directory: string): string {
  return join(directory, "batch.json");
}
