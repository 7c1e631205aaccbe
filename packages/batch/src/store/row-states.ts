import type { BatchRow } from "../rows/batch-row.ts";
import type { AttemptEnd, AttemptOutcome, BatchEvent } from "./batch-event.ts";

/**
 * Where a row is: `waiting` has not run, or runs again; `unverified` means that its run succeeded and `verify` did not; the
 * others are how its last attempt ended.
 */
export type RowStatus = "waiting" | "running" | "unverified" | AttemptOutcome;

/** One run of a row. */
export interface Attempt {
  /** Counts from 1. */
  readonly attempt: number;
  /** Empty where there was no run. */
  readonly runId: string;
  readonly startedAt: string;
  /** Absent while it is running, and when its process died. */
  readonly end?: AttemptEnd;
}

/** A row with what came of it so far. */
export interface RowState {
  readonly row: BatchRow;
  readonly status: RowStatus;
  /** Whether nothing more is to be run. */
  readonly isFinal: boolean;
  readonly attempts: readonly Attempt[];
  /** The attempt that counts. */
  readonly last?: Attempt;
  /** Of all attempts, in US dollars, as far as it is known. */
  readonly costUsd: number;
  /** Of all attempts, as far as it is known. */
  readonly tokens: number;
}

/** The rows with their states, in order. `isAlive`: whether the process that holds the batch lives. */
export function rowStates(
  rows: readonly BatchRow[],
  events: Iterable<BatchEvent>,
  isAlive: boolean,
): readonly RowState[] {
  const attempts = new Map<string, Attempt[]>(rows.map(({ id }) => [id, []]));
  const reopened = new Map<string, number>();
  for (const event of events) {
    if (event.type === "batch.ended") continue;
    const known = attempts.get(event.row);
    if (known === undefined) continue;
    if (event.type === "row.reopened") reopened.set(event.row, known.length);
    else if (event.type === "row.started") known.push(startOf(event));
    else {
      const { type: _, time, row: __, attempt, runId, ...end } = event;
      const index = known.findIndex((one) => one.attempt === attempt);
      const started = known[index] ?? { attempt, runId, startedAt: time };
      known.splice(index === -1 ? known.length : index, 1, { ...started, end });
    }
  }
  return rows.map((row) => stateOf(row, attempts.get(row.id) ?? [], reopened.get(row.id), isAlive));
}

function startOf({ attempt, runId, time }: Extract<BatchEvent, { type: "row.started" }>): Attempt {
  return { attempt, runId, startedAt: time };
}

function stateOf(
  row: BatchRow,
  attempts: readonly Attempt[],
  reopenedAfter: number | undefined,
  isAlive: boolean,
): RowState {
  const last = attempts.at(-1);
  const isReopened = reopenedAfter !== undefined && reopenedAfter === attempts.length;
  return {
    row,
    attempts,
    status: isReopened ? "waiting" : statusOf(last, isAlive),
    isFinal: !isReopened && (last?.end?.isFinal ?? false),
    costUsd: attempts.reduce((sum, { end }) => sum + (end?.costUsd ?? 0), 0),
    tokens: attempts.reduce((sum, { end }) => sum + (end?.tokens ?? 0), 0),
    ...(last === undefined ? {} : { last }),
  };
}

function statusOf(last: Attempt | undefined, isAlive: boolean): RowStatus {
  if (last === undefined) return "waiting";
  if (last.end === undefined) return isAlive ? "running" : "interrupted";
  if (!last.end.isFinal && isAlive) return "waiting";
  const { outcome, verification } = last.end;
  return outcome === "succeeded" && verification?.passed === false ? "unverified" : outcome;
}
