import { dropUndefined } from "../provider/drop-undefined.ts";
import type { RunResult } from "../run/run-result.ts";
import { run } from "./run.ts";
import type { RunAllOptions } from "./run-all-options.ts";
import { runEach } from "./run-each.ts";
import type { RunInput } from "./run-input.ts";
import type { RunSpecInput } from "./run-spec-input.ts";

const defaultConcurrency = 4;

/**
 * Runs many prompts, a few at the same time, and resolves to what came of each, in the order of `specs`. It never rejects for
 * a run: as with `Promise.allSettled`, one that could not be started, because its options are invalid or the signal was
 * aborted before, is `{ status: "rejected", reason }`. A run that started is `{ status: "fulfilled", value }`, whatever its
 * outcome.
 *
 *     const prompts = ["Add tests for a.ts", "Add tests for b.ts"];
 *     const specs = prompts.map((prompt) => ({ prompt, provider, harness, workspace: "." }));
 *     const results = await runAll(specs, { concurrency: 2, budget: budget({ usd: 5 }) });
 *     for (const one of results) console.log(one.status === "fulfilled" ? one.value.outcome : one.reason);
 *
 * With a budget, all runs together cost no more than that: see `budget`. Those that it has no room for end with the outcome
 * `budget-exceeded`. Rejects with `invalid-options` when `concurrency` is not a positive whole number.
 */
export async function runAll(
  specs: readonly (RunInput | RunSpecInput)[],
  options: RunAllOptions = {},
): Promise<PromiseSettledResult<RunResult>[]> {
  const { concurrency = defaultConcurrency, budget, signal, onRun } = options;
  const starts = specs.map((spec) => () => {
    return run(budget === undefined ? spec : { ...spec, budget }, dropUndefined({ signal }));
  });
  return await runEach(starts, { concurrency, ...dropUndefined({ signal, onRun }) });
}
