import { budget, createRunStore, type RunStore } from "@glovebox/core";
import type { CostBudget, Spend } from "@glovebox/core/provider";
import type { BatchRecord } from "../store/batch-record.ts";
import type { Attempt, RowState } from "../store/row-states.ts";
import { endOfInterrupted } from "./attempt-end.ts";

/** The budget that the runs of a batch share, of which earlier attempts have spent this. `undefined` without a limit. */
export function batchBudget(record: BatchRecord, spent: Spend): CostBudget | undefined {
  const { id, maxCostUsd: usd, maxTokens: tokens, strictBudget: strict = false } = record;
  if (usd === undefined && tokens === undefined) return undefined;
  return budget({ usd, tokens, strict, spentUsd: spent.usd, spentTokens: spent.tokens, name: `batch ${id}` });
}

/** What all attempts of a batch have spent, those included whose process died before it could be recorded. */
export async function spentSoFar(home: string, states: readonly RowState[]): Promise<Spend> {
  const runs = createRunStore(home);
  let [usd, tokens] = [0, 0];
  for (const attempt of states.flatMap(({ attempts }) => attempts)) {
    const spent = await spentBy(runs, attempt);
    usd += spent.usd;
    tokens += spent.tokens;
  }
  return { usd, tokens };
}

/** Of a run that was removed, the batch's journal knows the tokens with those that were read from the cache. */
async function spentBy(runs: RunStore, { runId, startedAt, end }: Attempt): Promise<Spend> {
  const result = runId === "" ? undefined : await runs.result(runId).catch(() => undefined);
  const { costUsd, tokens } = end ?? result ?? (await endOfInterrupted(runs, runId, startedAt));
  const { input, output, cacheWrite } = result?.tokens ?? {};
  const counted = input === undefined ? tokens : input + (output ?? 0) + (cacheWrite ?? 0);
  return { usd: costUsd ?? 0, tokens: typeof counted === "number" ? counted : 0 };
}
