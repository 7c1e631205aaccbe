import type { Run, RunEnd } from "@glovebox/store";
import { persist } from "./persist.ts";
import type { WorkerOptions } from "./worker-options.ts";

interface EndOptions {
  readonly end: RunEnd;
  readonly signal: AbortSignal;
}

/** Stores the end of a run, and reports it to whoever observes the worker. */
export async function endRun(run: Run, { end, signal }: EndOptions, { store, onEnded }: WorkerOptions): Promise<void> {
  await persist(() => store.queue.end(run.id, run.epoch, end), signal);
  const ended = onEnded && (await store.runs.get(run.id));
  if (ended !== undefined) await onEnded?.(ended);
}
