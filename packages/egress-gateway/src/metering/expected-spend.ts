import type { ExpectedSpend, ModelPrice, Spend } from "@glovebox/core/provider";
import type { InputRates } from "./input-rates.ts";
import type { ModelRequest } from "./model-request.ts";

interface Prices {
  /** The price that holds for the input as it is expected. Absent where nothing limits dollars. */
  readonly expected: ModelPrice | undefined;
  /** The price that would hold if every byte were a token. */
  readonly longest: ModelPrice | undefined;
}

/** What a request may come to, before its response says. */
export function expectedSpend(request: ModelRequest, prices: Prices, rates: InputRates): ExpectedSpend {
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
  // An answer in one piece cannot be cut: all that it may say is set aside.
  return isStreamed
    ? { expected: estimate, most: input, worst: add(input, output) }
    : { expected: add(estimate, output), most: add(input, output), worst: add(input, output) };
}

function highestInputUsd({ inputUsd, cacheWriteUsd, cacheWriteHourUsd = 0 }: ModelPrice): number {
  return Math.max(inputUsd, cacheWriteUsd, cacheWriteHourUsd);
}

function add(one: Spend, other: Spend): Spend {
  return { usd: one.usd + other.usd, tokens: one.tokens + other.tokens };
}
