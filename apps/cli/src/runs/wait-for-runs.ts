import type { RunResult, RunSummary } from "@glovebox/core";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { findRun } from "../run/find-run.ts";
import type { Terminal } from "../terminal.ts";
import { endAsJson } from "./end-as-json.ts";
import { runName } from "./run-name.ts";
import { openRuns, type Runs } from "./runs.ts";
import { untilStoppedFollowing } from "./until-stopped-following.ts";

export interface WaitOptions {
  /** In milliseconds. Without it there is no limit. */
  readonly timeout?: number;
  readonly json?: boolean;
}

const timedOut = 124;

/** `glovebox wait`. */
export async function waitForRuns(
  references: readonly string[],
  options: WaitOptions,
  terminal: Terminal,
): Promise<number> {
  const all = await openRuns(terminal);
  const runs = await findRuns(all, references, terminal);
  const names = runs.map(({ runDirectory }) => runName(runDirectory));
  return await untilStoppedFollowing(names, terminal, async (signal) => {
    const timeout = options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout);
    const codes = await Promise.all(
      runs.map(async (run) => {
        const result = await endOf(all, run, { signal, timeout });
        print(run, result, options, terminal);
        return result?.exitCode ?? timedOut;
      }),
    );
    return codes.find((code) => code !== 0) ?? 0;
  });
}

/** The runs by their references, each once and in this order; without any, that of the current directory. */
export async function findRuns(
  runs: Pick<Runs, "get" | "list">,
  references: readonly string[],
  { cwd }: Pick<Terminal, "cwd">,
): Promise<readonly RunSummary[]> {
  if (references.length === 0) return [await findRun(runs, undefined, cwd)];
  const found = await Promise.all(references.map((reference) => runs.get(reference)));
  return [...new Map(found.map((run) => [run.runId, run])).values()];
}

/** The result of a run when it has one and its process is through; `undefined` when the time is over before. */
async function endOf(
  runs: Runs,
  run: RunSummary,
  { signal, timeout }: { readonly signal: AbortSignal; readonly timeout: AbortSignal | undefined },
): Promise<RunResult | undefined> {
  const either = timeout === undefined ? signal : AbortSignal.any([signal, timeout]);
  if (!(await runs.untilEnded(run, either))) {
    signal.throwIfAborted();
    return undefined;
  }
  const { runId } = await runs.recovered(await runs.get(run.runId), { signal });
  return await runs.result(runId);
}

function print(
  run: RunSummary,
  result: RunResult | undefined,
  { json }: WaitOptions,
  { stdout }: Pick<Terminal, "stdout">,
): void {
  if (json) {
    stdout.json(endAsJson(run.runId, result));
    return;
  }
  const name = runName(run.runDirectory);
  if (result === undefined) stdout.line(`${name} running`);
  else if (result.outcome === "succeeded") stdout.line(`${name} succeeded in ${formatDuration(result.durationMs)}`);
  else stdout.line(`${name} ${result.outcome}: ${safeLine(result.reason)}`);
}
