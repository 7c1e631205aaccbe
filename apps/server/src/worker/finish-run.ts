import { createRunStore, type RunEvent, type RunResult } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import type { Run, RunEnd } from "@glovebox/store";
import { endRun } from "./end-run.ts";
import { usageByModel } from "./model-usage.ts";
import { persist } from "./persist.ts";
import { storeFiles } from "./store-files.ts";
import type { WorkerOptions } from "./worker-options.ts";

interface FinishOptions {
  readonly harness: Harness;
  readonly result: RunResult;
  /** The run's last event. */
  readonly last: RunEvent | undefined;
  readonly signal: AbortSignal;
}

/** Stores what a run came to: its files first, then its end, so that whoever sees the end finds the files. */
export async function finishRun(run: Run, finish: FinishOptions, options: WorkerOptions): Promise<void> {
  const { store, home } = options;
  const { harness, result, last, signal } = finish;
  const files = await persist(() => storeFiles({ blobs: store.blobs, home, runId: run.id, harness, result }), signal);
  const usage = usageByModel(await createRunStore(home).usage(run.id));
  const { files: _, ...rest } = result;
  const { outcome, reason, exitCode, durationMs, costUsd, tokens } = result;
  const end: RunEnd = {
    ...{ outcome, reason, exitCode, durationMs, result: rest, files, usage },
    ...(costUsd !== undefined && { costUsd }),
    ...(tokens !== undefined && { tokens }),
    ...(last !== undefined && { lastEvent: last }),
  };
  await endRun(run, { end, signal }, options);
}
