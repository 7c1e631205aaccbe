import type { RunResult, RunStore, RunSummary } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";

/** The result of a run; an error with what to do while there is none. */
export async function finishedRun(store: RunStore, run: RunSummary): Promise<RunResult> {
  const result = await store.result(run.runId);
  if (result !== undefined) return result;
  const hint = run.isAlive
    ? `Follow it: glovebox logs -f ${run.runId}`
    : `Its process is dead; bring its files back: glovebox reap ${run.runId}`;
  throw new InvalidOptionsError(`The run ${run.runId} has no result yet`, { hint });
}
