import type { ModelPrice, ModelPrices } from "@glovebox/core/provider";
import type { AnswerUsage } from "./answer-usage.ts";

/** What decides which price holds. */
export interface PricedRequest {
  readonly model: string;
  readonly speed: string | undefined;
  /** The whole input, cached or not, in tokens. */
  readonly inputTokens: number;
}

/** The price that holds for a request. */
export function priceOf(prices: ModelPrices | undefined, request: PricedRequest): ModelPrice | undefined {
  return prices?.models
    .filter(
      ({ modelPrefix, speed, aboveInputTokens }) =>
        request.model.startsWith(modelPrefix) &&
        speed === request.speed &&
        (aboveInputTokens === undefined || request.inputTokens > aboveInputTokens),
    )
    .sort((a, b) => b.modelPrefix.length - a.modelPrefix.length || bound(b) - bound(a))[0];
}

/** What an answer costs in US dollars. */
export function modelCost(price: ModelPrice, usage: AnswerUsage): number {
  const { cacheWriteHourUsd = price.cacheWriteUsd, webSearchUsd = 0 } = price;
  const perMillion =
    usage.input * price.inputUsd +
    usage.output * price.outputUsd +
    usage.cacheRead * price.cacheReadUsd +
    (usage.cacheWrite - usage.cacheWriteHour) * price.cacheWriteUsd +
    usage.cacheWriteHour * cacheWriteHourUsd;
  return perMillion / 1e6 + usage.webSearches * webSearchUsd;
}

function bound({ aboveInputTokens = -1 }: ModelPrice): number {
  return aboveInputTokens;
}
