import type { RunResult, RunStore, RunSummary } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { runName } from "./run-name.ts";

/** The result of a run; an error with what to do while there is none. */
export async function finishedRun(store: RunStore, run: RunSummary): Promise<RunResult> {
  const result = await store.result(run.runId);
  if (result !== undefined) return result;
  const name = runName(run.runDirectory);
  const hint = run.isAlive
    ? `Follow it: glovebox logs -f ${name}`
    : `Its process is dead; bring its files back: glovebox reap ${name}`;
  throw new InvalidOptionsError(`The run ${name} has no result yet`, { hint });
}
