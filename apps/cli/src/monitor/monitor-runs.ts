import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRunStore } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { untilInterrupted } from "../inside/until-interrupted.ts";
import type { Terminal } from "../terminal.ts";
import { MonitorLog } from "./monitor-log.ts";
import { sampleOf } from "./run-sample.ts";
import { RunWatcher } from "./run-watcher.ts";
import { UsageSampler } from "./usage-sampler.ts";

export interface MonitorOptions {
  readonly json?: boolean;
  readonly once?: boolean;
  readonly interval: number;
  readonly log?: string;
}

/** The longest wait for the first measurement of every run, where only one is wanted. */
const onceMs = 20_000;
const pollMs = 50;

/** `glovebox monitor`. */
export async function monitorRuns(
  reference: string | undefined,
  options: MonitorOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stdin } = terminal;
  const store = createRunStore(stateDirectory(terminal.env));
  const only = reference === undefined ? undefined : (await store.get(reference)).runId;
  const watcher = new RunWatcher(store, only);
  await watcher.begin();
  using log = options.log === undefined ? undefined : new MonitorLog(resolve(terminal.cwd, options.log));
  if (options.json || options.once || (log !== undefined && !stdout.isAnimated))
    return await printSamples({ watcher, only, options, terminal, log });
  if (!stdout.isAnimated || stdin.isTTY !== true) {
    throw new InvalidOptionsError("The monitor needs a terminal that can redraw", {
      hint: "Elsewhere, use --json, --once or --log FILE.",
    });
  }
  const { showMonitor } = await import("./view/show-monitor.ts");
  return await showMonitor({
    store,
    watcher,
    only,
    terminal,
    intervalMs: options.interval,
    log,
  });
}

interface PrintOptions {
  readonly watcher: RunWatcher;
  readonly only: string | undefined;
  readonly options: MonitorOptions;
  readonly terminal: Terminal;
  readonly log: MonitorLog | undefined;
}

/** A sample of each run that is running per interval, and one of each that ends; of one run, until it ends. */
async function printSamples({ watcher, only, options, terminal, log }: PrintOptions): Promise<number> {
  const { stdout } = terminal;
  return await untilInterrupted(async (signal) => {
    const sampler = new UsageSampler({ terminal, intervalMs: options.interval, onChange: () => {} });
    const ended = new Set(watcher.runs.filter((run) => !run.isAlive && run.runId !== only));
    const stop = AbortSignal.any([signal, stdout.gone]);
    const deadline = performance.now() + onceMs;
    try {
      for (;;) {
        watcher.look();
        const runs = watcher.runs.filter((run) => !ended.has(run));
        sampler.want(runs);
        if (options.once && !sampler.isReady(runs) && performance.now() < deadline && !stop.aborted) {
          await sleep(pollMs, undefined, { signal: stop }).catch(() => {});
          continue;
        }
        if (stop.aborted) return options.once ? 130 : 0;
        for (const run of runs) {
          const sample = sampleOf(run, sampler.stateOf(run.runId));
          if (options.json || options.once) stdout.json(sample);
          log?.write(sample);
          if (!run.isAlive) ended.add(run);
        }
        if (options.once || (only !== undefined && !runs.some(({ isAlive }) => isAlive))) return 0;
        await sleep(options.interval, undefined, { signal: stop }).catch(() => {});
      }
    } finally {
      await sampler.end();
    }
  });
}
