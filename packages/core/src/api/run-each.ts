import { InvalidOptionsError, SandboxAbortedError } from "../errors/index.ts";
import type { Run } from "../run/run-handle.ts";
import type { RunResult } from "../run/run-result.ts";
import type { RunAllOptions } from "./run-all-options.ts";

type RunEachOptions = Required<Pick<RunAllOptions, "concurrency">> & Pick<RunAllOptions, "signal" | "onRun">;

/** Starts runs, a few at the same time, and resolves to what came of each, in their order. Never rejects for a run. */
export async function runEach(
  starts: readonly (() => Run)[],
  options: RunEachOptions,
): Promise<PromiseSettledResult<RunResult>[]> {
  const { concurrency, signal, onRun } = options;
  if (!(Number.isInteger(concurrency) && concurrency > 0)) {
    throw new InvalidOptionsError("`concurrency` must be a positive whole number");
  }
  const take = async (start: () => Run, index: number): Promise<RunResult> => {
    if (signal?.aborted) throw new SandboxAbortedError("Stopped before the run started", { cause: signal.reason });
    const started = start();
    try {
      onRun?.(started, index);
    } catch (error) {
      started.cancel();
      await started.result;
      throw error;
    }
    return await started.result;
  };
  const results: PromiseSettledResult<RunResult>[] = [];
  const rest = starts.entries();
  const work = async (): Promise<void> => {
    // Shared by all workers: each takes the next one.
    for (const [index, start] of rest) results[index] = await settled(take(start, index));
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, starts.length) }, work));
  return results;
}

async function settled<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  try {
    return { status: "fulfilled", value: await promise };
  } catch (reason) {
    return { status: "rejected", reason };
  }
}
