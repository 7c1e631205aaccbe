import type { RunOutcome, RunStore, RunSummary } from "@glovebox/core";
import { formatDuration } from "@glovebox/core/text";
import type { ListedRun } from "./runs.ts";

/** What `ps --state` selects by: `left` is every run whose sandbox was kept or could not be removed. */
export type RunState = "running" | RunOutcome | "interrupted" | "left";

export const runStates: readonly RunState[] = [
  "running",
  "succeeded",
  "failed",
  "cancelled",
  "timed-out",
  "budget-exceeded",
  "interrupted",
  "left",
];

export function isInState(run: RunSummary, state: RunState): boolean {
  if (state === "left") return run.isLeftBehind;
  return state === (run.isAlive ? "running" : (run.outcome ?? "interrupted"));
}

function stalled({ stalledSince }: RunSummary): string {
  return stalledSince === undefined ? "" : `, stalled ${formatDuration(Date.now() - stalledSince.getTime())}`;
}

/** A run's state in a few words: its phase while it runs, then its outcome and what is left of it. */
export async function describeState(run: ListedRun, runs: Pick<RunStore, "result">): Promise<string> {
  if (run.queuePlace !== undefined) return `queued (${run.queuePlace})`;
  if (run.isAlive) return `${run.phase}${stalled(run)}`;
  const state = run.outcome ?? "interrupted";
  if (!run.isLeftBehind) return state;
  const isKept = (await runs.result(run.runId))?.cleanup.state === "kept";
  return `${state}, sandbox ${isKept ? "kept" : "left"}`;
}
