import { InvalidOptionsError } from "../errors/index.ts";
import { SharedBudget } from "./shared-budget.ts";

/** The limits of a budget. */
export interface BudgetOptions {
  /** What all runs of the budget may cost together, in US dollars. */
  readonly usd: number;
}

/**
 * Creates a limit of cost that several runs share. Before a request to a model leaves, the gateway reserves the most that it
 * can cost; afterwards it gives back what the request did not use. The metered cost of all runs stays within the budget. A run
 * whose next request does not fit into what is left ends with the outcome `budget-exceeded`.
 *
 *     const shared = budget({ usd: 5 });
 *     const results = await runAll(specs, { concurrency: 4, budget: shared });
 *     console.log(shared.spentUsd);
 *
 * The most that a request can cost is what its bytes cost as tokens that are written to the cache, and `max_tokens` of output:
 * about a dollar with a large model. Leave room for that: a budget is rarely used up to the last cent. Throws
 * `invalid-options` when `usd` is not a positive amount.
 */
export function budget({ usd }: BudgetOptions): SharedBudget {
  if (!(usd > 0 && Number.isFinite(usd))) {
    throw new InvalidOptionsError("The `usd` of a budget must be a positive amount of US dollars", {
      hint: "For example budget({ usd: 5 }).",
    });
  }
  return new SharedBudget(usd);
}
