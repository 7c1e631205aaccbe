import type { ExceededBudget } from "../../provider/cost-budget.ts";

/** The limit that a budget has reached, for users: `the limit of $5 for this run`. */
export function describeLimit({ kind, name, unit, maxUsd = 0, maxTokens = 0 }: ExceededBudget): string {
  const amount = unit === "usd" ? `$${maxUsd}` : `${maxTokens.toLocaleString("en-US")} tokens`;
  if (kind === "shared") return `the budget of ${amount} ${name === "" ? "that this run shares" : `of ${name}`}`;
  return `the limit of ${amount} for ${kind === "run" ? "this run" : "each sub-agent"}`;
}
