import { InvalidOptionsError } from "../errors/index.ts";
import type { BudgetTotals } from "../provider/cost-budget.ts";
import { BudgetNode } from "./budget-node.ts";

/** The limits of a budget: one of them, or both. */
export interface BudgetOptions {
  /** What all runs of the budget may cost together, in US dollars. */
  readonly usd?: number | undefined;
  /** What they may use together: tokens of input, of output, and written to the cache, but not read from it. */
  readonly tokens?: number | undefined;
  /**
   * Whether a request leaves only if the most that it can use fits into what is left, so that the limits are never exceeded.
   * False reserves what is expected, and cuts the response that exceeds a limit. Default: true.
   */
  readonly strict?: boolean | undefined;
  /** Of `usd`, what was spent before: by the earlier attempts of a batch. Default: 0. */
  readonly spentUsd?: number | undefined;
  /** Of `tokens`, what was spent before. Default: 0. */
  readonly spentTokens?: number | undefined;
  /** What the budget is called in the reason of a run that it ends: `batch 20261130-a1`. Default: nothing. */
  readonly name?: string | undefined;
  /** Called each time a request has ended: with what is spent, and the limits. */
  readonly onSpend?: ((totals: BudgetTotals) => void) | undefined;
}

/**
 * Creates a limit that several runs share. Before a request to a model leaves, the gateway reserves the most that it can
 * use; afterwards it gives back what the request did not use. The metered cost of all runs stays within the budget. A run
 * whose next request does not fit into what is left ends with the outcome `budget-exceeded`.
 *
 *     const shared = budget({ usd: 5 });
 *     const results = await runAll(specs, { concurrency: 4, budget: shared });
 *     console.log(shared.spentUsd);
 *
 * The most that a request can cost is what its bytes cost as tokens that are written to the cache, and `max_tokens` of output:
 * some dollars with a large model. Leave room for that: a budget is rarely used up to the last cent. With `strict: false`, it
 * is used up, and exceeded by what was in flight at that moment. The budget holds in this process. Throws `invalid-options`
 * for no limit, or one that is not a positive amount.
 */
export function budget(options: BudgetOptions): BudgetNode {
  const { usd, tokens, strict = true, spentUsd = 0, spentTokens = 0, name = "", onSpend } = options;
  checkLimit(usd, "US dollars");
  checkLimit(tokens, "tokens");
  if (usd === undefined && tokens === undefined) throw new InvalidOptionsError("A budget needs a limit", { hint });
  const spent = { usd: spentUsd, tokens: spentTokens };
  return new BudgetNode({ kind: "shared", name, usd, tokens, strict, spent, onSpend });
}

const hint = "For example budget({ usd: 5 }) or budget({ tokens: 1_000_000 }).";

function checkLimit(amount: number | undefined, unit: string): void {
  if (amount === undefined || (amount > 0 && Number.isFinite(amount))) return;
  throw new InvalidOptionsError(`The limit of a budget must be a positive amount of ${unit}`, { hint });
}
