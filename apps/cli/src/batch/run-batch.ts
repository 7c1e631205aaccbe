import { type Batch, type BatchRecord, createBatchStore, type ResumeBatchOptions, resumeBatch } from "@glovebox/batch";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { BatchProgress } from "./batch-progress.ts";
import type { BatchView } from "./batch-view.ts";
import { JsonBatchView } from "./json-batch-view.ts";
import { LineBatchView } from "./line-batch-view.ts";
import { LiveBatchView } from "./live-batch-view.ts";
import { printBatchEnd } from "./print-batch.ts";

/** How a batch is shown. */
export interface RunBatchOutput {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
}

/** Runs a batch to its end, shows it, and hears Ctrl-C on the way. Resolves to the exit code. */
export async function runBatch(
  options: Omit<ResumeBatchOptions, "watcher">,
  output: RunBatchOutput,
  terminal: Terminal,
): Promise<number> {
  const { home, id } = options;
  const store = createBatchStore(home);
  const { record } = store.get(id);
  const view = createView(record, new BatchProgress(record, store.rows(id)), output, terminal);
  const startedAt = performance.now();
  let batch: Batch | undefined;
  let isCancelled = false;
  using _ = listenForInterrupts({
    first: () => {
      isCancelled = true;
      view.onWarning(
        "Cancelling: rows that run still bring their files back. Once more destroys their sandboxes at once.",
      );
      batch?.cancel();
    },
    second: () => {
      view.onWarning("Destroying the sandboxes at once.");
      batch?.abort();
    },
  });
  try {
    if (output.json)
      terminal.stdout.json({
        type: "batch.started",
        time: new Date().toISOString(),
        id,
        rows: record.rows.length,
        outputDirectory: record.outputDirectory,
      });
    batch = await resumeBatch({ ...options, watcher: view });
    if (isCancelled) batch.cancel();
    const result = await batch.result;
    view.stop();
    const { exitCode, reason, isComplete, costUsd } = result;
    if (output.json)
      terminal.stdout.json({
        type: "batch.ended",
        time: new Date().toISOString(),
        id,
        exitCode,
        reason,
        isComplete,
        costUsd,
      });
    else
      printBatchEnd(result, record, terminal, {
        quiet: output.quiet ?? false,
        durationMs: performance.now() - startedAt,
      });
    return exitCode;
  } finally {
    view.stop();
  }
}

function createView(
  record: BatchRecord,
  progress: BatchProgress,
  output: RunBatchOutput,
  terminal: Terminal,
): BatchView {
  const { stderr } = terminal;
  if (output.json) return new JsonBatchView(terminal);
  if (output.quiet)
    return { onWarning: (message) => new LineBatchView(stderr, progress).onWarning(message), stop: () => {} };
  return stderr.isAnimated
    ? new LiveBatchView(stderr, progress, record.concurrency)
    : new LineBatchView(stderr, progress);
}
