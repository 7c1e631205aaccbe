import { resolve } from "node:path";
import { InvalidOptionsError } from "../errors/index.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import { readContinuation } from "../run/continuation/continuation.ts";
import { type ForkPoint, forkPoint } from "../run/fork/fork-point.ts";
import type { RunResult } from "../run/run-result.ts";
import { newRunId } from "../run/state/run-id.ts";
import { stateDirectory } from "../state/state-directory.ts";
import { earlierWorkspace } from "./earlier-workspace.ts";
import type { ForkInput } from "./fork-input.ts";
import type { ForkOptions } from "./fork-options.ts";
import { run } from "./run.ts";
import { runEach } from "./run-each.ts";

const defaultConcurrency = 8;
const mostForks = 1000;

/**
 * Continues an earlier run several ways from one point, and resolves to what came of each fork, as `runAll` does, in the order of
 * the prompts. Each fork is a run of its own, with its own id, output and session; they run at the same time.
 *
 *     const results = await fork(earlier.runId, { prompt: "Make it faster", count: 4, provider, harness });
 *
 * If the earlier run has a sandbox on this provider, the forks start from a snapshot of it, which is removed when they have ended:
 * see `RunSpec.fork`. The earlier run keeps its sandbox, and may still be running. Otherwise each fork gets the project, the
 * files that the run brought back, and its conversation. Rejects with `invalid-options` for a `count` or `concurrency` that
 * is not a positive whole number.
 */
export async function fork(
  runId: string,
  input: ForkInput,
  options: ForkOptions = {},
): Promise<PromiseSettledResult<RunResult>[]> {
  const { prompt, count = typeof prompt === "string" ? 2 : 1, outputDirectory, ...settings } = input;
  const prompts = typeof prompt === "string" ? [prompt] : prompt;
  const isValid = Number.isInteger(count) && count > 0 && count * prompts.length <= mostForks;
  if (!isValid)
    throw new InvalidOptionsError(`\`count\` must be a positive whole number, for at most ${mostForks} forks`);
  const { concurrency = defaultConcurrency, budget, signal, onRun, onProgress } = options;
  const home = resolve(input.home ?? stateDirectory());
  const { provider } = settings;
  await using point = await forkPoint({ home, runId, provider, ...dropUndefined({ signal, onProgress }) });
  if (point.reason !== undefined)
    onProgress?.(`the forks start from the files that ${runId} brought back: ${point.reason}`);
  const ofPoint = { home, continues: runId, fork: snapshotOf(point) };
  // What none of the forks could do is refused before the first one.
  readContinuation({ ...ofPoint, harness: settings.harness });
  const starts = prompts
    .flatMap((one) => Array.from({ length: count }, () => one))
    .map((one) => () => {
      const id = newRunId();
      const place = outputDirectory === undefined ? {} : { outputDirectory: outputDirectory(id) };
      const common = { ...earlierWorkspace(home, runId), ...settings, ...place, ...dropUndefined({ budget }) };
      return run({ ...common, ...ofPoint, prompt: one }, { runId: id, ...dropUndefined({ signal }) });
    });
  return await runEach(starts, { concurrency, ...dropUndefined({ signal, onRun }) });
}

function snapshotOf({ snapshot }: ForkPoint) {
  return snapshot === undefined ? {} : { snapshot };
}
