import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SandboxFileError } from "../../errors/index.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { readStateFile } from "../../state/read-state-file.ts";
import { replaceFileSync } from "../../state/replace-file.ts";
import { safeJson } from "../../text/safe-json.ts";
import { type RunResult, runResultSchema } from "../run-result.ts";

/** What another process needs to know of a run to list it or to finish it. Holds no secret. */
const runRecordSchema = z.object({
  v: z.literal(1),
  runId: z.string(),
  /** Whose sandbox it is: the state directory's owner when the run began. */
  owner: z.string().optional(),
  startedAt: z.string(),
  providerId: z.string(),
  harnessId: z.string(),
  /** The run whose files and conversation this one began with. */
  continues: z.string().optional(),
  /** What its sandbox was made for, by name. A run of which all is the same can take the sandbox over. */
  sandboxFacts: z.record(z.string(), z.string()).optional(),
  /** The sandbox that it took over from the run that it continues: from here on that one's no more. */
  takenOver: z
    .object({
      sandboxId: z.string(),
      fromRunId: z.string(),
      /** The run that the sandbox was created for: its label cannot be changed. */
      createdFor: z.string(),
    })
    .optional(),
  /** Where the harness keeps conversations in the sandbox. */
  sessionDirectory: z.string().optional(),
  outputDirectory: z.string(),
  overwrite: z.boolean().optional(),
  workspace: z.string().optional(),
  ignore: z.array(z.string()).optional(),
  limits: z.object({ totalBytes: z.number().optional(), fileBytes: z.number().optional() }).optional(),
  /** How long the run may take until the end of its harness. */
  timeoutMs: z.number().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  /** Its harness has a terminal, which users attach to. */
  interactive: z.boolean().optional(),
  /** The names of the secrets that the run had; their values are kept nowhere. */
  secretNames: z.array(z.string()).optional(),
  /** The run that it was exported from, where it was imported and never ran here. */
  imported: z.object({ runId: z.string(), createdAt: z.string() }).optional(),
  /** The prompt's first words. */
  promptPreview: z.string(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

const hint = "Restore the file from a backup, or force the removal of the run (`glovebox rm`).";

export function writeRecord(runDirectory: string, record: RunRecord): void {
  writeJson(recordFile(runDirectory), record);
}

/** Changes a record that is there. What is given as `undefined` goes. */
export function updateRecord(
  runDirectory: string,
  changes: { [Name in "sandboxFacts" | "takenOver"]?: RunRecord[Name] | undefined },
): void {
  const record = readRecord(runDirectory);
  if (record === undefined) throw new SandboxFileError(`The record of the run in ${runDirectory} is gone`);
  writeRecord(runDirectory, dropUndefined({ ...record, ...changes }));
}

/** `undefined` when there is none. Throws a `SandboxFileError` for one that cannot be read, as all of these do. */
export function readRecord(runDirectory: string): RunRecord | undefined {
  return readStateFile(recordFile(runDirectory), runRecordSchema, hint);
}

/**
 * Records what a run came to, and every file that it brought back, before its sandbox is removed: from here on nothing is
 * lost with the process. It becomes the result when the process ends before it has written one.
 */
export function writeDraft(runDirectory: string, draft: RunResult): void {
  writeJson(draftFile(runDirectory), draft);
}

export function hasDraft(runDirectory: string): boolean {
  return existsSync(draftFile(runDirectory));
}

export function writeResult(runDirectory: string, result: RunResult): void {
  writeJson(resultFile(runDirectory), result);
  rmSync(draftFile(runDirectory), { force: true });
}

export function readResult(runDirectory: string): RunResult | undefined {
  return readStateFile(resultFile(runDirectory), runResultSchema, hint);
}

/**
 * What is recorded of a run's end: its result, or the draft of one where that was never written, or knows more files: then
 * the process that wrote the draft died before it had written the result.
 */
export function readOutcome(
  runDirectory: string,
): { readonly result: RunResult; readonly isDraft: boolean } | undefined {
  const result = readResult(runDirectory);
  const draft = result?.files?.complete ? undefined : readStateFile(draftFile(runDirectory), runResultSchema, hint);
  if (draft !== undefined && (result === undefined || draft.files !== undefined))
    return { result: draft, isDraft: true };
  return result === undefined ? undefined : { result, isDraft: false };
}

/** Writes a result in place of another one. One that cannot be read is set aside, not lost. */
export function replaceResult(runDirectory: string, result: RunResult): void {
  try {
    readResult(runDirectory);
  } catch {
    renameSync(resultFile(runDirectory), `${resultFile(runDirectory)}.damaged`);
  }
  writeResult(runDirectory, result);
}

function writeJson(file: string, value: unknown): void {
  replaceFileSync(file, `${safeJson(value)}\n`);
}

function recordFile(runDirectory: string): string {
  return join(runDirectory, "run.json");
}

function draftFile(runDirectory: string): string {
  return join(runDirectory, "draft.json");
}

function resultFile(runDirectory: string): string {
  return join(runDirectory, "result.json");
}
