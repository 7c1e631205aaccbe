import type { RunSummary } from "@glovebox/core";
import { SandboxError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";
import { endAsJson } from "./end-as-json.ts";
import { runName } from "./run-name.ts";
import { openRuns, type Runs } from "./runs.ts";
import { findRuns } from "./wait-for-runs.ts";

/** A run that is stopping reports progress within this time, unless its process is suspended. */
const longestSilenceMs = 4 * 60_000;

export interface StopOptions {
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `glovebox stop`: asks every run to stop, then waits for their ends. */
export async function stopRuns(
  references: readonly string[],
  options: StopOptions,
  terminal: Terminal,
): Promise<number> {
  const all = await openRuns(terminal);
  const runs = await findRuns(all, references, terminal);
  const ends: Promise<void>[] = [];
  const { force = false, json = false } = options;
  for (const run of runs) ends.push(stop(all, run, { force, json, terminal }));
  const outcomes = await Promise.allSettled(ends);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  return 0;
}

async function stop(
  runs: Runs,
  run: RunSummary,
  { force, json, terminal }: { readonly force: boolean; readonly json: boolean; readonly terminal: Terminal },
): Promise<void> {
  const { stdout, stderr } = terminal;
  const name = runName(run.runDirectory);
  if (!run.isAlive) {
    const { isLeftBehind } = await runs.recovered(run);
    stderr.line(
      `The run ${name} is not running.${isLeftBehind ? ` \`glovebox rm ${name}\` removes its sandbox.` : ""}`,
    );
    if (json) stdout.json(endAsJson(run.runId, await runs.result(run.runId)));
    return;
  }
  const requestedAt = new Date().toISOString();
  await runs.stop(run.runId, { force });
  stderr.line(`Stopping ${name}`);
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), longestSilenceMs);
  for await (const event of runs.events(run.runId, { follow: true, signal: silent.signal })) {
    timer.refresh();
    if (event.type === "run.progress" && event.time >= requestedAt) stderr.line(`  ${safeLine(event.message)}`);
  }
  clearTimeout(timer);
  if (silent.signal.aborted) throw notResponding(name);
  // A process that died meanwhile cannot answer the request.
  await runs.recovered(await runs.get(run.runId));
  if (json) stdout.json(endAsJson(run.runId, await runs.result(run.runId)));
  else stdout.line(run.runId);
}

function notResponding(name: string): SandboxError {
  return new SandboxError("internal", `The run ${name} does not respond: its process is suspended or hangs`, {
    hint: "Resume its process (fg, kill -CONT), or end it with kill -9; `glovebox wait` then collects its files.",
  });
}
