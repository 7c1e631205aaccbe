import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { InvalidOptionsError, SandboxError, SandboxNotFoundError } from "@glovebox/core/provider";
import { DirectoryLock, stateDirectory } from "@glovebox/core/state";
import type { BatchEvent } from "./batch-event.ts";
import { BatchJournal } from "./batch-journal.ts";
import { type BatchRecord, readBatchRecord } from "./batch-record.ts";
import { type RowState, type RowStatus, rowStates } from "./row-states.ts";
import { requestBatchStop } from "./stop-request.ts";

/** What a list of batches shows of one. */
export interface BatchSummary {
  readonly id: string;
  readonly directory: string;
  readonly record: BatchRecord;
  /** Whether a process is running it. */
  readonly isAlive: boolean;
  /** Whether every row is final. If not, and no process runs it, it can be resumed. */
  readonly isComplete: boolean;
  /** How many rows have each state; states that no row has are absent. */
  readonly counts: Readonly<Partial<Record<RowStatus, number>>>;
  /** In US dollars, as far as it is known. */
  readonly costUsd: number;
  /** How it last ended. */
  readonly end?: Extract<BatchEvent, { type: "batch.ended" }>;
}

/** The batches of a state directory. */
export interface BatchStore {
  /** Newest first. */
  list(): readonly BatchSummary[];
  /** What is wrong with the directories of batches that cannot be listed, a line each that names the file. */
  problems(): readonly string[];
  /** By id, by the id's unique end or beginning, or by place: `1` is the newest. Unknown ones are `not-found`. */
  get(reference: string): BatchSummary;
  /** The rows with their states, in order. */
  rows(id: string): readonly RowState[];
  events(id: string): readonly BatchEvent[];
  /** Asks the living process to cancel the batch, or with `force` to drop everything. `invalid-options` when none lives. */
  stop(id: string, options?: { readonly force?: boolean }): void;
  /** Forgets the batch; its runs and the files that they brought back stay. `invalid-options` while it is running. */
  remove(id: string): void;
}

/** Opens the batches of a state directory: `$GLOVEBOX_HOME` or `~/.glovebox` by default. */
export function createBatchStore(home: string = stateDirectory()): BatchStore {
  const directoryOf = (id: string) => batchDirectory(home, id);
  const look = () => namesIn(join(home, "batches")).map((id) => lookAt(directoryOf(id)));
  const list = () => look().flatMap(({ summary }) => summary ?? []);
  return {
    list,
    problems: () => look().flatMap(({ problem }) => problem ?? []),
    get: (reference) => find(list(), reference),
    rows: (id) => {
      const directory = directoryOf(id);
      return rowStates(recordOf(directory).rows, BatchJournal.read(directory), DirectoryLock.isHeld(directory));
    },
    events: (id) => BatchJournal.read(directoryOf(id)),
    stop: (id, options) => {
      if (!DirectoryLock.isHeld(directoryOf(id))) throw new InvalidOptionsError(`The batch ${id} is not running`);
      requestBatchStop(directoryOf(id), options);
    },
    remove: (id) => {
      if (DirectoryLock.isHeld(directoryOf(id))) {
        throw new InvalidOptionsError(`The batch ${id} is still running`, {
          hint: `Stop it first: glovebox batch stop ${id}`,
        });
      }
      rmSync(directoryOf(id), { recursive: true, force: true });
    },
  };
}

/** Where a batch of this state directory is kept. */
export function batchDirectory(home: string, id: string): string {
  return join(home, "batches", basename(id));
}

function recordOf(directory: string): BatchRecord {
  const record = readBatchRecord(directory);
  if (record === undefined) throw new SandboxNotFoundError(`There is no batch ${basename(directory)}`);
  return record;
}

/** Newest first: the ids begin with the time. */
function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort().reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function lookAt(directory: string): { readonly summary?: BatchSummary; readonly problem?: string } {
  try {
    const record = readBatchRecord(directory);
    return record === undefined ? {} : { summary: summarize(directory, record) };
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    return { problem: error.message };
  }
}

function summarize(directory: string, record: BatchRecord): BatchSummary {
  const isAlive = DirectoryLock.isHeld(directory);
  const events = BatchJournal.read(directory);
  const states = rowStates(record.rows, events, isAlive);
  const counts: Partial<Record<RowStatus, number>> = {};
  for (const { status } of states) counts[status] = (counts[status] ?? 0) + 1;
  const end = events.findLast((event) => event.type === "batch.ended");
  return {
    id: record.id,
    directory,
    record,
    isAlive,
    isComplete: states.every(({ isFinal }) => isFinal),
    counts,
    costUsd: states.reduce((sum, { costUsd }) => sum + costUsd, 0),
    ...(end === undefined ? {} : { end }),
  };
}

function find(all: readonly BatchSummary[], reference: string): BatchSummary {
  if (/^\d{1,4}$/.test(reference)) {
    const found = all[Number(reference) - 1];
    if (found !== undefined) return found;
  }
  const partial = all.filter(({ id }) => id.startsWith(reference) || id.endsWith(reference));
  const found = all.find(({ id }) => id === reference) ?? (partial.length === 1 ? partial[0] : undefined);
  if (found !== undefined) return found;
  if (partial.length > 1) throw new InvalidOptionsError(`${reference} fits ${partial.length} batches`);
  if (all.length === 0) throw new SandboxNotFoundError("There are no batches yet");
  throw new SandboxNotFoundError(`There is no batch ${reference}`, { hint: "`glovebox batch list` lists them." });
}
