import { setTimeout as sleep } from "node:timers/promises";
import { BoundedProvider } from "@glovebox/core";
import type { Sandbox, SandboxProvider } from "@glovebox/core/provider";
import { SandboxMeter, type SandboxUsage } from "../inside/sandbox-usage.ts";
import { shownMessage } from "../print/shown-message.ts";
import { openRunProvider } from "../run/open-run-provider.ts";
import type { Terminal } from "../terminal.ts";
import type { WatchedRun } from "./watched-run.ts";

/** What was measured last of a run's sandbox, or why nothing was. */
export interface UsageState {
  readonly usage?: SandboxUsage;
  /** Safe to print. */
  readonly problem?: string;
}

/** A provider that does not answer in this time is reported as such. */
const answerMs = 10_000;
/** How long after a problem a sandbox is measured again. */
const pauseMs = 10_000;

/**
 * Measures the sandboxes of some runs again and again, each over a connection of its own, which stays open as long as the run
 * is wanted. Extends no lease and wakes nothing: whoever watches changes nothing.
 */
export class UsageSampler {
  readonly #terminal: Terminal;
  readonly #intervalMs: number;
  readonly #onChange: () => void;
  readonly #states = new Map<string, UsageState>();
  readonly #loops = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  readonly #providers = new Map<string, Promise<SandboxProvider>>();
  /** Connections to one provider are opened one after another. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: { readonly terminal: Terminal; readonly intervalMs: number; readonly onChange: () => void }) {
    this.#terminal = options.terminal;
    this.#intervalMs = options.intervalMs;
    this.#onChange = options.onChange;
  }

  stateOf(runId: string): UsageState {
    return this.#states.get(runId) ?? {};
  }

  /** Measures these runs from here on, and no others. Those without a sandbox are left out. */
  want(runs: readonly WatchedRun[]): void {
    const wanted = new Map(runs.filter(isMeasurable).map((run) => [run.runId, run]));
    for (const [runId, { stop }] of this.#loops) {
      if (wanted.has(runId)) continue;
      stop.abort();
      this.#loops.delete(runId);
      this.#states.delete(runId);
    }
    for (const [runId, run] of wanted) {
      if (this.#loops.has(runId)) continue;
      const stop = new AbortController();
      this.#loops.set(runId, { stop, done: this.#follow(run, stop.signal) });
    }
  }

  /** Whether each of the runs was measured over an interval, or has a problem. */
  isReady(runs: readonly WatchedRun[]): boolean {
    return runs.filter(isMeasurable).every(({ runId }) => {
      const { usage, problem } = this.stateOf(runId);
      return usage?.cpus !== undefined || problem !== undefined;
    });
  }

  /** Closes every connection. */
  async end(): Promise<void> {
    const loops = [...this.#loops.values()];
    this.want([]);
    await Promise.race([Promise.allSettled(loops.map(({ done }) => done)), sleep(1000)]);
  }

  async #follow(run: WatchedRun, stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await this.#measure(run, stop);
      } catch (error) {
        if (stop.aborted) return;
        this.#set(run, { problem: shownMessage((error as Error).message) });
        await sleep(pauseMs, undefined, { signal: stop }).catch(() => {});
      }
    }
  }

  async #measure(run: WatchedRun, stop: AbortSignal): Promise<void> {
    const { providerId } = run.summary;
    const provider = await this.#provider(run);
    const connect = () => provider.connect(run.sandboxId ?? "", { signal: withDeadline(stop) });
    const turn = (this.#turns.get(providerId) ?? Promise.resolve()).then(connect, connect);
    this.#turns.set(
      providerId,
      turn.catch(() => {}),
    );
    const sandbox = await turn;
    try {
      const meter = new SandboxMeter(sandbox, provider.capabilities);
      while (!stop.aborted) {
        const usage = await meter.measure(withDeadline(stop));
        if (!stop.aborted) this.#set(run, { usage });
        await sleep(this.#intervalMs, undefined, { signal: stop });
      }
    } finally {
      await close(sandbox);
    }
  }

  #provider(run: WatchedRun): Promise<SandboxProvider> {
    const { providerId } = run.summary;
    const known = this.#providers.get(providerId);
    if (known !== undefined) return known;
    const opened = openRunProvider(this.#terminal, run.summary, undefined).then(({ provider }) =>
      BoundedProvider.of(provider),
    );
    this.#providers.set(providerId, opened);
    opened.catch(() => this.#providers.delete(providerId));
    return opened;
  }

  #set({ runId }: WatchedRun, state: UsageState): void {
    this.#states.set(runId, state);
    this.#onChange();
  }
}

function isMeasurable({ isAlive, sandboxId, phase }: WatchedRun): boolean {
  return isAlive && sandboxId !== undefined && phase !== "destroying" && phase !== "ended";
}

function withDeadline(stop: AbortSignal): AbortSignal {
  return AbortSignal.any([stop, AbortSignal.timeout(answerMs)]);
}

async function close(sandbox: Sandbox): Promise<void> {
  await sandbox.close().catch(() => {
    // Nothing follows on this handle.
  });
}
