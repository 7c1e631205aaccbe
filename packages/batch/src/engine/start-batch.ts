import { makeHostDirectorySync } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { DirectoryLock } from "@glovebox/core/state";
import { BatchJournal } from "../store/batch-journal.ts";
import { type BatchRecord, readBatchRecord, writeBatchRecord } from "../store/batch-record.ts";
import { batchDirectory, createBatchStore } from "../store/batch-store.ts";
import { rowStates } from "../store/row-states.ts";
import { watchBatchStop } from "../store/stop-request.ts";
import { batchBudget, spentSoFar } from "./batch-budget.ts";
import { BatchEngine } from "./batch-engine.ts";
import type { BatchHost, BatchWatcher } from "./batch-host.ts";
import { type BatchResult, hasSucceeded } from "./batch-result.ts";

/** What a batch runs with. */
export interface RunBatchOptions {
  /** The state directory. */
  readonly home: string;
  readonly host: BatchHost;
  readonly watcher?: BatchWatcher;
}

/** What changes when a batch is resumed. */
export interface ResumeBatchOptions extends RunBatchOptions {
  readonly id: string;
  /** Replaces these parts of the batch's record, permanently. */
  readonly changes?: Partial<
    Pick<BatchRecord, "concurrency" | "providerConcurrency" | "maxCostUsd" | "maxTokens" | "strictBudget" | "retries">
  >;
  /** Runs rows again that have failed. */
  readonly reopenFailed?: boolean;
}

/** A batch under way. */
export interface Batch {
  readonly id: string;
  /** Resolves when all rows have ended, or the batch was stopped. Rejects when its journal cannot be written. */
  readonly result: Promise<BatchResult>;
  /** Starts no further rows, and cancels those that are running: their files are still brought back. */
  cancel(): void;
  /** Destroys the sandboxes that are running at once. */
  abort(): void;
}

/** Writes the record of a new batch, which `resumeBatch` then runs. Throws `invalid-options` when the id is taken. */
export function createBatch(home: string, record: BatchRecord): void {
  const directory = batchDirectory(home, record.id);
  makeHostDirectorySync(directory, 0o700);
  if (readBatchRecord(directory) !== undefined) throw new InvalidOptionsError(`There is a batch ${record.id} already`);
  writeBatchRecord(directory, record);
}

/** Starts a new batch. */
export function startBatch(options: RunBatchOptions & { readonly record: BatchRecord }): Promise<Batch> {
  createBatch(options.home, options.record);
  return resumeBatch({ ...options, id: options.record.id });
}

/**
 * Runs what is left of a batch: rows that have not run, and those whose attempt was interrupted, cancelled with the batch, or
 * ended by its budget. Runs whose process died are recovered before their row runs again. Throws `invalid-options` when a living
 * process runs the batch, and `not-found` when there is none.
 */
export async function resumeBatch(options: ResumeBatchOptions): Promise<Batch> {
  const { home, host, watcher = {}, changes = {} } = options;
  const { id, directory } = createBatchStore(home).get(options.id);
  const lock = DirectoryLock.tryAcquire(directory);
  if (lock === undefined) {
    throw new InvalidOptionsError(`The batch ${id} is running in another process`, {
      hint: `Watch it: glovebox batch show ${id}`,
    });
  }
  const pending: Disposable[] = [{ [Symbol.dispose]: () => lock.release() }];
  const dispose = () => {
    for (const one of pending.splice(0).reverse()) one[Symbol.dispose]();
  };
  try {
    const record = { ...(readBatchRecord(directory) as BatchRecord), ...changes };
    if (Object.keys(changes).length > 0) writeBatchRecord(directory, record);
    const journal = new BatchJournal(directory, lock);
    pending.push(journal);
    if (options.reopenFailed) reopenFailed(directory, record, journal);
    const events = BatchJournal.read(directory);
    const budget = batchBudget(record, await spentSoFar(home, rowStates(record.rows, events, true)));
    const engine = new BatchEngine({ home, record, journal, events, host, watcher, budget });
    pending.push(watchBatchStop(directory, { cancel: () => engine.cancel(), abort: () => engine.abort() }));
    return {
      id,
      result: engine.run().finally(dispose),
      cancel: () => engine.cancel(),
      abort: () => engine.abort(),
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

function reopenFailed(directory: string, record: BatchRecord, journal: BatchJournal): void {
  for (const state of rowStates(record.rows, BatchJournal.read(directory), true)) {
    if (!state.isFinal || hasSucceeded(state)) continue;
    journal.append({ type: "row.reopened", time: new Date().toISOString(), row: state.row.id });
  }
}
