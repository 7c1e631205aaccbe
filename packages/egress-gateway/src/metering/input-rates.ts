import type { ModelPrice } from "@glovebox/core/provider";

/** How many bytes of a request make a token, until a response reports it. */
const bytesPerToken = 4;
/** The most tokens that a model reads. */
const largestContext = 1_000_000;

/**
 * What a byte of input costs, by model. Most of a conversation is read from the cache, so what the last request cost says
 * more about the next one than the price does. Never less than the cache's price: padding must not make requests free.
 */
export class InputRates {
  readonly #learned = new Map<string, number>();

  estimateUsd(price: ModelPrice, model: string, bytes: number): number {
    const floor = price.cacheReadUsd / 1e6 / bytesPerToken;
    const rate = this.#learned.get(model) ?? price.inputUsd / 1e6 / bytesPerToken;
    return bytes * Math.max(floor, rate);
  }

  /** What a request may cost at most before its answer begins: text that nothing shortens, written to the cache. */
  mostUsd(price: ModelPrice, tokens: number): number {
    const { inputUsd, cacheWriteUsd, cacheWriteHourUsd = 0 } = price;
    return (Math.min(tokens, largestContext) * Math.max(inputUsd, cacheWriteUsd, cacheWriteHourUsd)) / 1e6;
  }

  learn(model: string, costUsd: number, bytes: number): void {
    if (bytes > 0) this.#learned.set(model, costUsd / bytes);
  }
}
