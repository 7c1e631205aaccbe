import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { makeHostDirectorySync } from "../../host-files/make-host-directory.ts";
import { readStateFile } from "../../state/read-state-file.ts";
import { replaceFileSync } from "../../state/replace-file.ts";
import { safeJson } from "../../text/safe-json.ts";
import { manifestEntrySchema } from "../manifest.ts";

const stateSchema = manifestEntrySchema.omit({ change: true, path: true });

const applyRecordSchema = z.object({
  v: z.literal(1),
  runId: z.string(),
  at: z.string(),
  /** The directory that was written to, a real path. */
  target: z.string(),
  /** The bundle whose commits the target did not have before. */
  bundle: z.string().optional(),
  /** What may have been written: `null` where nothing was, or is. `backup` names the file that keeps the content. */
  entries: z.array(
    z.object({
      path: z.string(),
      before: stateSchema.extend({ backup: z.string().optional() }).nullable(),
      after: stateSchema.nullable(),
    }),
  ),
});

/** What a target was before a result was applied to it, and what it then became. Written before the first change. */
export type ApplyRecord = z.infer<typeof applyRecordSchema>;

/** An interrupted apply leaves a directory without a record, which may be another process's at work. */
const staleMs = 10 * 60_000;

/** Makes a new, empty directory for a record and what it keeps. */
export function makeRecordDirectory(runDirectory: string): string {
  const all = recordsOf(runDirectory);
  makeHostDirectorySync(all, 0o700);
  for (const number of numbersIn(all)) removeStale(join(all, String(number)));
  for (let number = Math.max(0, ...numbersIn(all)) + 1; ; number += 1) {
    const directory = join(all, String(number));
    try {
      mkdirSync(directory, 0o700);
      return directory;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

export function writeApplyRecord(directory: string, record: ApplyRecord): void {
  replaceFileSync(recordFile(directory), safeJson(record));
}

/** The newest apply that was not undone, and the directory of its record. Throws a `SandboxFileError` for a damaged one. */
export function readNewestApply(
  runDirectory: string,
): { readonly directory: string; readonly record: ApplyRecord } | undefined {
  const all = recordsOf(runDirectory);
  for (const number of numbersIn(all).sort((a, b) => b - a)) {
    const directory = join(all, String(number));
    const record = readStateFile(recordFile(directory), applyRecordSchema);
    if (record !== undefined) return { directory, record };
  }
  return undefined;
}

/** The record goes first: without it the rest is nothing that could be undone by half. */
export function removeApplyRecord(directory: string): void {
  rmSync(recordFile(directory), { force: true });
  rmSync(directory, { recursive: true, force: true });
}

function removeStale(directory: string): void {
  const { mtimeMs } = statSync(directory, { throwIfNoEntry: false }) ?? {};
  if (mtimeMs === undefined || Date.now() - mtimeMs < staleMs) return;
  if (statSync(recordFile(directory), { throwIfNoEntry: false }) === undefined) {
    rmSync(directory, { recursive: true, force: true });
  }
}

function numbersIn(all: string): number[] {
  try {
    return readdirSync(all)
      .map(Number)
      .filter((number) => Number.isSafeInteger(number));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function recordsOf(runDirectory: string): string {
  return join(runDirectory, "applied");
}

function recordFile(directory: string): string {
  return join(directory, "apply.json");
}
