import { budget, createRunStore } from "@glovebox/core";
import type { CostBudget } from "@glovebox/core/provider";
import type { BatchRecord } from "../store/batch-record.ts";
import type { RowState } from "../store/row-states.ts";
import { endOfInterrupted } from "./attempt-end.ts";

/** The budget that the runs of a batch share, less what earlier attempts have spent. `undefined` without a limit. */
export function batchBudget({ maxCostUsd }: BatchRecord, spentUsd: number): CostBudget | undefined {
  if (maxCostUsd === undefined) return undefined;
  // A budget is never empty: what is less than any request costs is spent.
  return budget({ usd: Math.max(maxCostUsd - spentUsd, Number.MIN_VALUE) });
}

/** Whether what is left is too little for any request. */
export function isSpent(budget: CostBudget): boolean {
  return budget.isSpent;
}

/** What all attempts of a batch have spent, those included whose process died before it could be recorded. */
export async function spentSoFar(home: string, states: readonly RowState[]): Promise<number> {
  const runs = createRunStore(home);
  let total = 0;
  for (const { costUsd, last } of states) {
    total += costUsd;
    if (last === undefined || last.end !== undefined) continue;
    const result = await runs.result(last.runId).catch(() => undefined);
    total += result?.costUsd ?? (await endOfInterrupted(runs, last.runId, last.startedAt)).costUsd ?? 0;
  }
  return total;
}
