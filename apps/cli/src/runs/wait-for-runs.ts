import { setTimeout as sleep } from "node:timers/promises";
import { createRunStore, type RunResult, type RunStore, type RunSummary } from "@glovebox/core";
import { DirectoryLock, stateDirectory } from "@glovebox/core/state";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { findRun } from "../run/find-run.ts";
import type { Terminal } from "../terminal.ts";
import { endAsJson } from "./end-as-json.ts";
import { recoverDeadRun } from "./recover-dead-run.ts";
import { runName } from "./run-name.ts";
import { untilStoppedFollowing } from "./until-stopped-following.ts";

export interface WaitOptions {
  /** In milliseconds. Without it there is no limit. */
  readonly timeout?: number;
  readonly json?: boolean;
}

const pollMs = 200;
const timedOut = 124;

/** `glovebox wait`. */
export async function waitForRuns(
  references: readonly string[],
  options: WaitOptions,
  terminal: Terminal,
): Promise<number> {
  const store = createRunStore(stateDirectory(terminal.env));
  const runs = await findRuns(store, references, terminal);
  const names = runs.map(({ runDirectory }) => runName(runDirectory));
  return await untilStoppedFollowing(names, terminal, async (signal) => {
    const timeout = options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout);
    const codes = await Promise.all(
      runs.map(async (run) => {
        const result = await endOf(store, run, { terminal, signal, timeout });
        print(run, result, options, terminal);
        return result?.exitCode ?? timedOut;
      }),
    );
    return codes.find((code) => code !== 0) ?? 0;
  });
}

/** The runs by their references, each once and in this order; without any, that of the current directory. */
export async function findRuns(
  store: RunStore,
  references: readonly string[],
  { cwd }: Pick<Terminal, "cwd">,
): Promise<readonly RunSummary[]> {
  if (references.length === 0) return [await findRun(store, undefined, cwd)];
  const found = await Promise.all(references.map((reference) => store.get(reference)));
  return [...new Map(found.map((run) => [run.runId, run])).values()];
}

/** The result of a run when it has one and its process is through; `undefined` when the time is over before. */
async function endOf(
  store: RunStore,
  run: RunSummary,
  options: {
    readonly terminal: Terminal;
    readonly signal: AbortSignal;
    readonly timeout: AbortSignal | undefined;
  },
): Promise<RunResult | undefined> {
  const { terminal, signal, timeout } = options;
  while (DirectoryLock.isHeld(run.runDirectory)) {
    if (timeout?.aborted) return undefined;
    signal.throwIfAborted();
    await sleep(pollMs);
  }
  const { runId } = await recoverDeadRun(store, await store.get(run.runId), terminal, { signal });
  return await store.result(runId);
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
