import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "@glovebox/core/provider";
import pLimit from "p-limit";
import type { BatchRow } from "../rows/batch-row.ts";
import type { BatchRecord } from "../store/batch-record.ts";
import type { BatchHost, BatchWatcher, PlannedRun } from "./batch-host.ts";
import { retryDelayMs } from "./retry-rule.ts";

/** With the delays between them, an outage of half a minute to a minute. */
const mostTries = 6;

/** What a planner works with. */
export interface RowPlannerOptions {
  readonly record: BatchRecord;
  readonly host: BatchHost;
  readonly watcher: BatchWatcher;
  /** Ends the waiting for a provider. */
  readonly signal: AbortSignal;
}

/** Plans the attempts of rows, and waits for a provider that is away for a while, such as an engine that is restarted. */
export class RowPlanner {
  readonly #options: RowPlannerOptions;
  /** Plans write the lock file of components, and ask questions: one at a time. */
  readonly #planning = pLimit(1);
  /** The providers that stayed away: their other rows do not wait again. */
  readonly #lost = new Set<string>();

  constructor(options: RowPlannerOptions) {
    this.#options = options;
  }

  /** Resolves to the error where the row is wrong, and to `undefined` where its provider is away: then the row stays open. */
  async plan(row: BatchRow, attempt: number): Promise<PlannedRun | Error | undefined> {
    const { record, host, watcher, signal } = this.#options;
    const name = attempt === 1 ? row.id : `${row.id}.${attempt}`;
    const place = { attempt, batchId: record.id, outputDirectory: join(record.outputDirectory, name) };
    for (let tries = 1; !this.#lost.has(row.provider) && !signal.aborted; tries += 1) {
      try {
        return await this.#planning(() => host.plan(row, place));
      } catch (error) {
        if (!SandboxError.isInstance(error)) return error instanceof Error ? error : new Error(String(error));
        if (error.code !== "unavailable") return error;
        if (tries === mostTries) this.#lose(row.provider, error);
        else {
          const delayMs = retryDelayMs(tries);
          watcher.onRetry?.(row, delayMs);
          await sleep(delayMs, undefined, { signal }).catch(() => {});
        }
      }
    }
    return undefined;
  }

  #lose(provider: string, { message }: Error): void {
    if (this.#lost.has(provider)) return;
    this.#lost.add(provider);
    this.#options.watcher.onWarning?.(`No further row starts on ${provider}: ${message}`);
  }
}
