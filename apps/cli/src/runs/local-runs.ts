import { setTimeout as sleep } from "node:timers/promises";
import { createRunStore, type RunEvent, type RunResult, type RunStore, type RunSummary } from "@glovebox/core";
import { SandboxError } from "@glovebox/core/provider";
import { DirectoryLock, stateDirectory } from "@glovebox/core/state";
import { removeRun } from "../run/remove-run.ts";
import type { Terminal } from "../terminal.ts";
import { finishedRun } from "./finished-run.ts";
import { type RecoverOptions, recoverDeadRun } from "./recover-dead-run.ts";
import type { RemovableRun, Runs } from "./runs.ts";

const pollMs = 200;

/** The runs of this machine's state directory. */
export class LocalRuns implements Runs {
  readonly #store: RunStore;
  readonly #terminal: Terminal;

  constructor(terminal: Terminal) {
    this.#store = createRunStore(stateDirectory(terminal.env));
    this.#terminal = terminal;
  }

  list(): Promise<readonly RunSummary[]> {
    return this.#store.list();
  }

  problems(): Promise<readonly string[]> {
    return this.#store.problems();
  }

  get(reference: string): Promise<RunSummary> {
    return this.#store.get(reference);
  }

  events(
    runId: string,
    options?: { readonly follow?: boolean; readonly signal?: AbortSignal },
  ): AsyncIterable<RunEvent> {
    return this.#store.events(runId, options);
  }

  result(runId: string): Promise<RunResult | undefined> {
    return this.#store.result(runId);
  }

  finished(run: RunSummary): Promise<RunResult> {
    return finishedRun(this.#store, run);
  }

  stop(runId: string, options?: { readonly force?: boolean }): Promise<void> {
    return this.#store.stop(runId, options);
  }

  recovered(run: RunSummary, options: RecoverOptions = {}): Promise<RunSummary> {
    return recoverDeadRun(this.#store, run, this.#terminal, options);
  }

  async untilEnded({ runDirectory }: RunSummary, signal: AbortSignal): Promise<boolean> {
    while (DirectoryLock.isHeld(runDirectory)) {
      if (signal.aborted) return false;
      await sleep(pollMs);
    }
    return true;
  }

  async removable(
    reference: string,
    { force, provider }: { readonly force: boolean; readonly provider: string | undefined },
  ): Promise<RemovableRun> {
    const [store, terminal] = [this.#store, this.#terminal];
    try {
      const run = await store.get(reference);
      return { runId: run.runId, remove: () => removeRun({ store, run, force, provider, terminal }) };
    } catch (error) {
      // Of a run whose files are damaged only the id is known; `reap` finds its sandbox.
      if (!force || !SandboxError.isInstance(error) || error.code !== "file") throw error;
      return { runId: reference, remove: () => store.remove(reference) };
    }
  }
}
