import type { ExpectedSpend, ModelPrice, Spend } from "@glovebox/core/provider";
import type { InputRates } from "./input-rates.ts";
import type { ModelRequest } from "./model-request.ts";

interface Prices {
  /** The price that holds for the input as it is expected. Absent where nothing limits dollars. */
  readonly expected: ModelPrice | undefined;
  /** The price that would hold if every byte were a token. */
  readonly longest: ModelPrice | undefined;
}

/** How what a request writes is bounded. */
interface OutputBound {
  /** False where only the model bounds it: the most is not what is expected then. */
  readonly isOwn: boolean;
  /** Whether the API counts the output only when it ends, so that an answer cannot be cut before. */
  readonly countsAtEnd: boolean;
}

/** What a request may come to, before its response says. */
export function expectedSpend(
  request: ModelRequest,
  { prices, rates, bound }: { readonly prices: Prices; readonly rates: InputRates; readonly bound: OutputBound },
): ExpectedSpend {
  const { maxTokens = 0, isStreamed, model, weight, mostInputTokens } = request;
  const list = [prices.expected, prices.longest].filter((price) => price !== undefined);
  const output: Spend = {
    usd: (maxTokens * Math.max(0, ...list.map(({ outputUsd }) => outputUsd))) / 1e6,
    tokens: maxTokens,
  };
  // Text that nothing shortens, written to the cache.
  const input: Spend = {
    usd: (mostInputTokens * Math.max(0, ...list.map(highestInputUsd))) / 1e6,
    tokens: mostInputTokens,
  };
  const estimate = rates.estimate(prices.expected, model, weight);
  const all = add(input, output);
  // An answer in one piece cannot be cut: all that it asks for is set aside.
  if (!isStreamed && bound.isOwn) return { expected: add(estimate, output), most: all, worst: all };
  return { expected: estimate, most: isStreamed && !bound.countsAtEnd ? input : all, worst: all };
}

function highestInputUsd({ inputUsd, cacheWriteUsd, cacheWriteHourUsd = 0 }: ModelPrice): number {
  return Math.max(inputUsd, cacheWriteUsd, cacheWriteHourUsd);
}

function add(one: Spend, other: Spend): Spend {
  return { usd: one.usd + other.usd, tokens: one.tokens + other.tokens };
}
