import { setTimeout as sleep } from "node:timers/promises";
import { BoundedProvider } from "../../bounds/bounded-provider.ts";
import type { SandboxProvider } from "../../provider/sandbox-provider.ts";
import type { RunContext } from "../context/run-context.ts";
import { reap } from "./reap.ts";

/** How long a run that has ended waits for the reap. */
const waitMs = 5 * 60_000;
/** The same, for a run that was stopped. */
const stoppedWaitMs = 5000;

/** Of each provider, the state directories that a run of this process is reaping. */
const underWay = new WeakMap<SandboxProvider, Set<string>>();

/**
 * Collects and removes what earlier runs of this owner left behind, while a run starts. Of runs that one process starts at the
 * same time, one does it: every other would list the same sandboxes and runs.
 */
export class BackgroundReap {
  readonly #run: RunContext;
  readonly #givenUp = new AbortController();
  #done: Promise<void> = Promise.resolve();

  constructor(run: RunContext) {
    this.#run = run;
  }

  start(): void {
    const { home, provider } = this.#run.spec;
    const { unbounded } = BoundedProvider.of(provider);
    const homes = underWay.get(unbounded) ?? new Set();
    if (homes.has(home)) return;
    underWay.set(unbounded, homes.add(home));
    this.#done = this.#reap().finally(() => homes.delete(home));
  }

  /** Waits for it for a bounded time, then gives it up: the next run, or `glovebox reap`, continues it. */
  async end(): Promise<void> {
    const { stopping } = this.#run.cancellation;
    const waiting = new AbortController();
    const ended = this.#done.finally(() => waiting.abort());
    const timedOut = sleep(stopping.aborted ? stoppedWaitMs : waitMs, undefined, { signal: waiting.signal }).then(
      () => this.#givenUp.abort(),
      () => {},
    );
    const onStop = () => this.#givenUp.abort();
    stopping.addEventListener("abort", onStop, { once: true });
    await Promise.all([ended, timedOut]);
    stopping.removeEventListener("abort", onStop);
  }

  async #reap(): Promise<void> {
    const { spec, cancellation, reporter } = this.#run;
    const signal = AbortSignal.any([cancellation.aborted, this.#givenUp.signal]);
    try {
      const report = await reap({ home: spec.home, provider: spec.provider, signal });
      for (const { runId, directory } of report.collected) {
        reporter.warn("recovered", `The files of the earlier run ${runId} were brought back to ${directory}`);
      }
    } catch (error) {
      if (signal.aborted) return;
      reporter.warn("reap", `Sandboxes of earlier runs could not be checked: ${(error as Error).message}`);
    }
  }
}
