import { type BatchRecord, createBatchStore } from "@glovebox/batch";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { Terminal } from "../terminal.ts";
import type { BatchLimits } from "./batch-options.ts";
import { BatchQuestions } from "./batch-questions.ts";
import { settingsOf } from "./batch-settings.ts";
import { CliBatchHost } from "./cli-batch-host.ts";
import { runBatch } from "./run-batch.ts";

/** Options of `glovebox batch resume`. */
export interface ResumeOptions extends BatchLimits {
  readonly failed?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `glovebox batch resume`. */
export async function resumeBatchCommand(
  reference: string | undefined,
  options: ResumeOptions,
  terminal: Terminal,
): Promise<number> {
  const home = stateDirectory(terminal.env);
  const store = createBatchStore(home);
  const batch =
    reference === undefined
      ? store.list().find(({ isAlive, isComplete }) => !isAlive && (!isComplete || options.failed))
      : store.get(reference);
  if (batch === undefined)
    throw new InvalidOptionsError("There is no batch to resume", { hint: "`glovebox batch list` lists them." });
  const { record, id, isComplete, isAlive } = batch;
  if (isComplete && !options.failed && !isAlive) {
    terminal.stderr.line(`All rows of ${id} have ended. \`--failed\` runs again those that failed.`);
    return batch.end?.exitCode ?? 0;
  }
  const settings = settingsOf(record);
  const host = new CliBatchHost({
    settings,
    directory: record.directory,
    terminal,
    questions: new BatchQuestions(undefined, settings.answers),
  });
  return await runBatch(
    { home, id, host, changes: changesOf(options, record), reopenFailed: options.failed ?? false },
    options,
    terminal,
  );
}

function changesOf(
  { concurrency, maxCost, maxTokens, strictBudget, retryFailed }: ResumeOptions,
  record: BatchRecord,
): Partial<BatchRecord> {
  return dropUndefined({
    concurrency: concurrency?.total,
    providerConcurrency:
      concurrency === undefined ? undefined : { ...record.providerConcurrency, ...concurrency.providers },
    maxCostUsd: maxCost,
    maxTokens,
    strictBudget,
    retries: retryFailed,
  });
}
