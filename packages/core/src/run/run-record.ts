import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type RunResult, runResultSchema } from "./run-result.ts";

/** What another process needs to know of a run to list it or to finish it. Holds no secret. */
export const runRecordSchema = z.object({
  v: z.literal(1),
  runId: z.string(),
  startedAt: z.string(),
  providerId: z.string(),
  harnessId: z.string(),
  outputDir: z.string(),
  workspace: z.string().optional(),
  ignore: z.array(z.string()).optional(),
  limits: z.object({ totalBytes: z.number().optional(), fileBytes: z.number().optional() }).optional(),
  /** The prompt's first words. */
  promptPreview: z.string(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

export function writeRecord(runDir: string, record: RunRecord): void {
  writeWhole(join(runDir, "run.json"), record);
}

/** `undefined` when there is none, or none that can be read. */
export function readRecord(runDir: string): RunRecord | undefined {
  return readJson(join(runDir, "run.json"), runRecordSchema);
}

export function writeResult(runDir: string, result: RunResult): void {
  writeWhole(join(runDir, "result.json"), result);
}

export function readResult(runDir: string): RunResult | undefined {
  return readJson(join(runDir, "result.json"), runResultSchema);
}

function writeWhole(file: string, value: unknown): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

function readJson<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // Absent, or cut short by a crash: to the caller both mean that it was never said.
    return undefined;
  }
}
