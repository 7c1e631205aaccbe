import type { BatchEvent, BatchRecord, BatchRow, RowState } from "@glovebox/batch";
import type { RunEvent } from "@glovebox/core";
import { RunStatus } from "../screen/run-status.ts";

/** A row that is running, and what it does. */
export interface RunningRow {
  readonly row: BatchRow;
  readonly attempt: number;
  readonly startedAt: number;
  readonly status: RunStatus;
}

/** Where a batch is, from its events. Holds a few numbers for each row, however much its run reports. */
export class BatchProgress {
  readonly total: number;
  readonly running = new Map<string, RunningRow>();
  readonly #concurrency: number;
  readonly #states: Map<string, RowState>;
  readonly #waiting = new Set<string>();
  /** The rows that ended last, newest first. */
  readonly #ended: RowState[] = [];
  readonly #durations: number[] = [];
  #costUsd: number;

  constructor(record: BatchRecord, states: readonly RowState[]) {
    this.total = record.rows.length;
    this.#concurrency = record.concurrency;
    this.#states = new Map(states.map((state) => [state.row.id, state]));
    this.#costUsd = states.reduce((sum, { costUsd }) => sum + costUsd, 0);
  }

  batchEvent(event: BatchEvent, state: RowState | undefined): void {
    if (state === undefined) return;
    const { id } = state.row;
    this.#costUsd += state.costUsd - (this.#states.get(id)?.costUsd ?? 0);
    this.#states.set(id, state);
    this.#waiting.delete(id);
    if (event.type === "row.started") {
      const { attempt } = event;
      this.running.set(id, { row: state.row, attempt, startedAt: Date.now(), status: new RunStatus() });
    } else if (event.type === "row.ended") {
      this.running.delete(id);
      this.#ended.unshift(state);
      this.#ended.length = Math.min(this.#ended.length, 5);
      if (event.outcome !== "interrupted" && event.durationMs > 0) this.#durations.push(event.durationMs);
    }
  }

  runEvent(row: BatchRow, event: RunEvent): void {
    this.running.get(row.id)?.status.event(event);
  }

  note(row: BatchRow, message: string): void {
    this.running.get(row.id)?.status.note(message);
  }

  wait(row: BatchRow): void {
    this.#waiting.add(row.id);
  }

  get lastEnded(): readonly RowState[] {
    return this.#ended;
  }

  /** How many rows are final, how many of them succeeded and failed, and how many wait for a retry. */
  get counts(): {
    readonly done: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly retrying: number;
  } {
    const final = [...this.#states.values()].filter(({ isFinal }) => isFinal);
    const succeeded = final.filter(({ status }) => status === "succeeded").length;
    return { done: final.length, succeeded, failed: final.length - succeeded, retrying: this.#waiting.size };
  }

  get costUsd(): number {
    return this.#costUsd;
  }

  /** An estimate from the rows that have ended, in milliseconds; `undefined` before the first. */
  get remainingMs(): number | undefined {
    if (this.#durations.length === 0) return undefined;
    const mean = this.#durations.reduce((sum, one) => sum + one, 0) / this.#durations.length;
    const begun = [...this.running.values()].reduce(
      (sum, { startedAt }) => sum + Math.min(mean, Date.now() - startedAt),
      0,
    );
    const left = (this.total - this.counts.done) * mean - begun;
    return Math.max(0, left / Math.max(1, Math.min(this.#concurrency, this.total - this.counts.done)));
  }
}
