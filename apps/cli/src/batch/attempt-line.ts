import type { Attempt, RowState } from "@glovebox/batch";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { formatCost } from "../print/format-cost.ts";

/** How a row's last attempt ended, in one line without its mark: `r012 succeeded in 1m 3s, $0.0200`. */
export function attemptLine(state: RowState): string {
  const { row, last } = state;
  const end = last?.end;
  if (end === undefined) return row.id;
  const facts = [
    `${outcomeWords(state)}${end.durationMs === 0 ? "" : ` in ${formatDuration(end.durationMs)}`}`,
    ...(end.costUsd === undefined || end.costUsd === 0 ? [] : [formatCost(end.costUsd)]),
    ...(end.isFinal || end.outcome === "cancelled" ? [] : ["runs again"]),
  ];
  const why = isGood(state) ? "" : `: ${safeLine(end.reason, 300)}`;
  return `${rowAndAttempt(row.id, last)} ${facts.join(", ")}${why}`;
}

/** The state of a row as a user reads it. */
export function outcomeWords({ status }: RowState): string {
  return status === "unverified" ? "not verified" : status.replace("-", " ");
}

/** Whether a row needs no attention. */
export function isGood({ status }: RowState): boolean {
  return status === "succeeded";
}

function rowAndAttempt(id: string, attempt: Attempt | undefined): string {
  return attempt === undefined || attempt.attempt === 1 ? id : `${id} (attempt ${attempt.attempt})`;
}
