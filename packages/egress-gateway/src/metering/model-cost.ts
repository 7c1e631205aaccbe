import type { ModelPrice, ModelPrices } from "@glovebox/core/provider";
import type { AnswerUsage } from "./answer/answer-usage.ts";

/** What decides which price holds. */
export interface PricedRequest {
  readonly model: string;
  readonly speed: string | undefined;
  /** The whole input, cached or not, in tokens. */
  readonly inputTokens: number;
}

/** What may follow the name of a model that is the same one: a date, a number, or a preview of a month. */
const version = /^(-\d{4}-\d{2}-\d{2}|-\d{3,4}|-preview-\d{2}-\d{4})?$/;

/** The price that holds for a request. */
export function priceOf(prices: ModelPrices | undefined, request: PricedRequest): ModelPrice | undefined {
  return prices?.models
    .filter(
      ({ modelPrefix, isExact = false, speed, aboveInputTokens }) =>
        request.model.startsWith(modelPrefix) &&
        (!isExact || version.test(request.model.slice(modelPrefix.length))) &&
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
