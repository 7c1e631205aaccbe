import { BudgetNode } from "../../budget/budget-node.ts";
import type { BudgetNodeOptions, CostBudget } from "../../provider/cost-budget.ts";
import type { RunSpec } from "../run-spec.ts";

/** The limits of a run, below those that it shares with others. Absent where nothing is limited. */
export function runBudget(spec: RunSpec): CostBudget | undefined {
  if (!hasBudget(spec)) return undefined;
  const {
    maxCostUsd: usd,
    maxTokens: tokens,
    maxCostPerAgentUsd,
    maxTokensPerAgent,
    strictBudget: strict,
    budget,
  } = spec;
  const hasAgentLimit = maxCostPerAgentUsd !== undefined || maxTokensPerAgent !== undefined;
  const perAgent = hasAgentLimit ? { usd: maxCostPerAgentUsd, tokens: maxTokensPerAgent } : undefined;
  const options: BudgetNodeOptions = { kind: "run", name: "", usd, tokens, strict, perAgent };
  return budget === undefined ? new BudgetNode(options) : budget.child(options);
}

/** Whether something limits what the models of a run may use. */
export function hasBudget({ maxCostUsd, maxTokens, maxCostPerAgentUsd, maxTokensPerAgent, budget }: RunSpec): boolean {
  return [maxCostUsd, maxTokens, maxCostPerAgentUsd, maxTokensPerAgent, budget].some((limit) => limit !== undefined);
}
