import type { RowState } from "../store/row-states.ts";

/** Why a batch stopped before all its rows were final. */
export type StopReason = "cancelled" | "aborted" | "budget" | "fail-fast" | "broken";

/** What came of a batch. */
export interface BatchResult {
  readonly id: string;
  /** Whether every row is final. If not, the batch can be resumed. */
  readonly isComplete: boolean;
  /**
   * The first that applies: 130 cancelled; 6 its budget is used up; 4 the batch itself failed; 1 a row failed, or its
   * verification did; 5 a row succeeded, but some of its results are missing or something was left behind; 0.
   */
  readonly exitCode: number;
  /** Why, in one line. */
  readonly reason: string;
  readonly rows: readonly RowState[];
  /** Of all attempts, in US dollars, as far as it is known. */
  readonly costUsd: number;
}

/** Whether a row's last attempt is a success, verified where it has `verify`. */
export function hasSucceeded({ status }: RowState): boolean {
  return status === "succeeded";
}

/** The exit code and reason of a batch whose rows ended so. */
export function concludeBatch(
  rows: readonly RowState[],
  stop: { readonly reason: StopReason; readonly message: string } | undefined,
): Pick<BatchResult, "exitCode" | "reason"> {
  const failed = rows.filter((state) => state.isFinal && !hasSucceeded(state)).length;
  const total = `${rows.length} ${rows.length === 1 ? "row" : "rows"}`;
  if (stop?.reason === "cancelled" || stop?.reason === "aborted") return { exitCode: 130, reason: stop.message };
  if (stop?.reason === "budget") return { exitCode: 6, reason: stop.message };
  // The last rows may end so after no other is left to start, and what remains may be too little for any request.
  // After another stop, an end may be one of an earlier process.
  const refused = rows.filter(({ isFinal, last }) => !isFinal && last?.end?.outcome === "budget-exceeded").length;
  if (stop === undefined && refused > 0)
    return { exitCode: 6, reason: `The batch's budget has no room for ${refused} of ${total}` };
  if (stop?.reason === "broken") return { exitCode: 4, reason: stop.message };
  if (failed > 0) return { exitCode: 1, reason: `${failed} of ${total} failed` };
  const open = rows.filter(({ isFinal }) => !isFinal).length;
  if (open > 0) return { exitCode: 4, reason: `${open} of ${total} could not be run` };
  const incomplete = rows.filter(({ last }) => last?.end?.exitCode !== 0).length;
  if (incomplete > 0) return { exitCode: 5, reason: `${incomplete} of ${total} left something behind` };
  return { exitCode: 0, reason: `All ${total} succeeded` };
}
