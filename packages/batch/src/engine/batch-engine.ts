import { setTimeout as sleep } from "node:timers/promises";
import { createRunStore, type Run, type RunResult } from "@glovebox/core";
import { type CostBudget, SandboxError } from "@glovebox/core/provider";
import pLimit, { type LimitFunction } from "p-limit";
import type { BatchRow } from "../rows/batch-row.ts";
import type { AttemptEnd, BatchEvent } from "../store/batch-event.ts";
import type { BatchJournal } from "../store/batch-journal.ts";
import type { BatchRecord } from "../store/batch-record.ts";
import { type Attempt, type RowState, rowStates } from "../store/row-states.ts";
import type { Verification } from "../verify/verification.ts";
import { endOfInterrupted, endOfRun, endWithoutRun, failuresOf } from "./attempt-end.ts";
import type { BatchHost, BatchWatcher, PlannedRun } from "./batch-host.ts";
import { type BatchResult, concludeBatch, hasSucceeded, type StopReason } from "./batch-result.ts";
import { RecoveryError, recoverAttempt } from "./recover-attempt.ts";
import { FailureEvidence, retryDelayMs } from "./retry-rule.ts";
import { RowPlanner } from "./row-planner.ts";

/** What an engine works with. */
export interface BatchEngineOptions {
  readonly home: string;
  readonly record: BatchRecord;
  readonly journal: BatchJournal;
  readonly events: readonly BatchEvent[];
  readonly host: BatchHost;
  readonly watcher: BatchWatcher;
  readonly budget: CostBudget | undefined;
}

type Stop = { readonly reason: StopReason; readonly message: string };

/** Runs the rows of a batch that are not final, a few at a time. The caller holds the batch's lock. */
export class BatchEngine {
  readonly #options: BatchEngineOptions;
  readonly #states: Map<string, RowState>;
  readonly #running = new Set<Run>();
  readonly #cancelling = new AbortController();
  readonly #aborting = new AbortController();
  readonly #total: LimitFunction;
  readonly #ofProvider = new Map<string, LimitFunction>();
  readonly #planner: RowPlanner;
  #stop: Stop | undefined;

  constructor(options: BatchEngineOptions) {
    this.#options = options;
    const { record, events, host, watcher } = options;
    this.#states = new Map(rowStates(record.rows, events, true).map((state) => [state.row.id, state]));
    this.#planner = new RowPlanner({ record, host, watcher, signal: this.#cancelling.signal });
    this.#total = pLimit(record.concurrency);
    for (const [provider, count] of Object.entries(record.providerConcurrency)) {
      this.#ofProvider.set(provider, pLimit(count));
    }
  }

  /** Starts no further rows, and cancels those that are running: their files are still brought back. */
  cancel(stop: Stop = { reason: "cancelled", message: "Cancelled" }): void {
    this.#stop ??= stop;
    this.#cancelling.abort();
    for (const run of this.#running) run.cancel();
  }

  /** Destroys the sandboxes that are running at once. */
  abort(): void {
    this.cancel({ reason: "aborted", message: "Aborted; uncollected files were discarded" });
    this.#aborting.abort();
    for (const run of this.#running) run.abort();
  }

  /** Runs what is left to run. Never rejects for a row; rejects when the journal cannot be written. */
  async run(): Promise<BatchResult> {
    const { record, journal } = this.#options;
    const open = [...this.#states.values()].filter(({ isFinal }) => !isFinal);
    const all = await Promise.allSettled(open.map(({ row }) => this.#row(row)));
    const broken = all.find((one) => one.status === "rejected");
    if (broken !== undefined) throw broken.reason;
    const rows = [...this.#states.values()];
    const { exitCode, reason } = concludeBatch(rows, this.#stop);
    journal.append({ type: "batch.ended", time: now(), exitCode, reason });
    return {
      id: record.id,
      isComplete: rows.every(({ isFinal }) => isFinal),
      exitCode,
      reason,
      rows,
      costUsd: rows.reduce((sum, { costUsd }) => sum + costUsd, 0),
    };
  }

  async #row(row: BatchRow): Promise<void> {
    try {
      for (;;) {
        const isRetried = await this.#inTurn(row, () => this.#attempt(row));
        if (!isRetried || this.#stop !== undefined) return;
        const delayMs = retryDelayMs(failuresOf(this.#stateOf(row)));
        this.#options.watcher.onRetry?.(row, delayMs);
        await sleep(delayMs, undefined, { signal: this.#cancelling.signal }).catch(() => {});
      }
    } catch (error) {
      // Only the journal and the lock throw: without them no row may continue.
      this.cancel({ reason: "broken", message: (error as Error).message });
      throw error;
    }
  }

  /** Waits for a place among the provider's rows, then for one among all. */
  async #inTurn<T>({ provider }: BatchRow, work: () => Promise<T>): Promise<T> {
    const limit = this.#ofProvider.get(provider);
    return limit === undefined ? await this.#total(work) : await limit(() => this.#total(work));
  }

  /** One attempt, first the recovery of one that was interrupted. Resolves to whether another one follows. */
  async #attempt(row: BatchRow): Promise<boolean> {
    if (!this.#mayStart()) return false;
    const { last } = this.#stateOf(row);
    if (last !== undefined && last.end === undefined) {
      const recovered = await this.#recover(row, last);
      if (recovered !== "open" || !this.#mayStart()) return recovered === "retry";
    }
    const attempt = (this.#stateOf(row).last?.attempt ?? 0) + 1;
    const planned = await this.#planner.plan(row, attempt);
    if (planned === undefined || !this.#mayStart()) return false;
    if (planned instanceof Error) {
      this.#end(row, { attempt, runId: "", startedAt: now() }, endWithoutRun(planned));
      return false;
    }
    this.#append({ type: "row.started", time: now(), row: row.id, attempt, runId: planned.runId });
    const started = { attempt, runId: planned.runId, startedAt: now() };
    const { result, evidence, error } = await this.#drive(row, planned);
    if (result === undefined) this.#end(row, started, endWithoutRun(error));
    else return await this.#conclude(row, started, result, evidence);
    return false;
  }

  #mayStart(): boolean {
    const { budget } = this.#options;
    if (this.#stop === undefined && budget?.exhausted !== undefined) {
      this.#stop = { reason: "budget", message: "The batch's budget is used up" };
    }
    return this.#stop === undefined;
  }

  /** Starts a run and follows it to its end. */
  async #drive(
    row: BatchRow,
    planned: PlannedRun,
  ): Promise<{ readonly result?: RunResult; readonly evidence: FailureEvidence; readonly error?: unknown }> {
    const { budget, watcher } = this.#options;
    const evidence = new FailureEvidence();
    let run: Run | undefined;
    try {
      run = planned.start({ signal: this.#cancelling.signal, ...(budget === undefined ? {} : { budget }) });
      this.#running.add(run);
      if (this.#aborting.signal.aborted) run.abort();
      try {
        for await (const event of run) {
          evidence.add(event);
          watcher.onRunEvent?.(row, event);
        }
      } catch (error) {
        // What cannot be followed must not end the run.
        watcher.onWarning?.(`The events of ${row.id} cannot be read: ${asError(error).message}`);
      }
      return { result: await run.result, evidence };
    } catch (error) {
      return { error, evidence };
    } finally {
      if (run !== undefined) this.#running.delete(run);
    }
  }

  /** Records how a run ended. Resolves to whether the row is retried. */
  async #conclude(row: BatchRow, attempt: Attempt, result: RunResult, evidence: FailureEvidence): Promise<boolean> {
    const { record } = this.#options;
    const isOpen = this.#isOpen(result);
    const failures = failuresOf(this.#stateOf(row)) + 1;
    const isRetried = !isOpen && failures <= record.retries && evidence.isTransient(result);
    const verification = result.outcome === "succeeded" ? await this.#verify(row, result) : undefined;
    if (verification === "stopped") return false;
    this.#end(row, attempt, endOfRun(result, !isOpen && !isRetried, verification));
    return isRetried;
  }

  /** Whether a run ended through the batch's own stop or budget: then the row runs again when the batch is resumed. */
  #isOpen({ outcome, remedy }: RunResult): boolean {
    if (outcome === "cancelled") return this.#stop !== undefined;
    // A limit of the run itself is one that can be raised.
    return outcome === "budget-exceeded" && this.#options.budget !== undefined && remedy === undefined;
  }

  /** `stopped`: nothing is recorded, so that the result is verified when the batch is resumed. */
  async #verify(row: BatchRow, result: RunResult): Promise<Verification | "stopped" | undefined> {
    const { host, watcher } = this.#options;
    if (row.verify === undefined || host.verify === undefined) return undefined;
    if (this.#cancelling.signal.aborted) return "stopped";
    watcher.onVerify?.(row);
    try {
      return await host.verify(row, result, this.#cancelling.signal);
    } catch (error) {
      if (this.#cancelling.signal.aborted) return "stopped";
      const reason = `The verification could not be run: ${asError(error).message}`;
      return {
        passed: false,
        verdict: "not-verified",
        exitCode: null,
        reason,
        cheats: [],
        durationMs: 0,
        outputTail: "",
      };
    }
  }

  /**
   * Recovers an attempt whose process died. `done` or `retry` when its run had ended, `open` when the row has to run again,
   * and `kept` when nobody can say that nothing of it runs any more.
   */
  async #recover(row: BatchRow, attempt: Attempt): Promise<"done" | "retry" | "open" | "kept"> {
    const { home, host, watcher } = this.#options;
    const { runId, startedAt } = attempt;
    const signal = this.#cancelling.signal;
    try {
      const ended = await recoverAttempt({ home, runId, providerOf: () => host.providerOf(row), signal });
      if (ended === undefined) {
        this.#end(row, attempt, await endOfInterrupted(createRunStore(home), runId, startedAt));
        return "open";
      }
      return (await this.#conclude(row, attempt, ended.result, ended.evidence)) ? "retry" : "done";
    } catch (error) {
      if (!(error instanceof RecoveryError)) throw error;
      watcher.onWarning?.(`${row.id} is not run again, since its last run cannot be recovered: ${error.message}`);
      return "kept";
    }
  }

  #end(row: BatchRow, { attempt, runId }: Attempt, end: AttemptEnd): void {
    this.#append({ type: "row.ended", time: now(), row: row.id, attempt, runId, ...end });
    const state = this.#stateOf(row);
    if (this.#options.record.failFast && state.isFinal && !hasSucceeded(state)) {
      this.cancel({ reason: "fail-fast", message: `${row.id} failed` });
    }
  }

  #append(event: Extract<BatchEvent, { readonly row: string; readonly attempt: number }>): void {
    const { journal, watcher } = this.#options;
    journal.append(event);
    const before = this.#states.get(event.row);
    if (before === undefined) return;
    const state = nextState(before, event);
    this.#states.set(event.row, state);
    watcher.onBatchEvent?.(event, state);
  }

  #stateOf({ id }: BatchRow): RowState {
    const state = this.#states.get(id);
    if (state === undefined) throw new SandboxError("internal", `The batch has no row ${id}`);
    return state;
  }
}

/** The state of a row after one more event. */
function nextState(
  { row, attempts }: RowState,
  event: Extract<BatchEvent, { readonly row: string; readonly attempt: number }>,
): RowState {
  const before = attempts.map(({ end, attempt, runId, startedAt }): BatchEvent[] => [
    { type: "row.started", time: startedAt, row: row.id, attempt, runId },
    ...(end === undefined
      ? []
      : [{ type: "row.ended" as const, time: startedAt, row: row.id, attempt, runId, ...end }]),
  ]);
  const [state] = rowStates([row], [...before.flat(), event], true);
  if (state === undefined) throw new SandboxError("internal", `The batch has no row ${row.id}`);
  return state;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function now(): string {
  return new Date().toISOString();
}
