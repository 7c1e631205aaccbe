import type { ModelPrice, Spend } from "@glovebox/core/provider";

/** How many bytes of a request make a token, until a response reports it. */
const bytesPerToken = 4;

/**
 * What a byte of input uses, by model. Most of a conversation is read from the cache, so what the last request used says
 * more about the next one than the price does. Never less than the cache's price: padding must not make requests free.
 */
export class InputRates {
  readonly #learned = new Map<string, Spend>();

  /** What the input of a request is expected to use; of a model without a price, no dollars. */
  estimate(price: ModelPrice | undefined, model: string, bytes: number): Spend {
    const learned = this.#learned.get(model);
    const { inputUsd = 0, cacheReadUsd = 0 } = price ?? {};
    const floorUsd = cacheReadUsd / 1e6 / bytesPerToken;
    const rateUsd = learned?.usd ?? inputUsd / 1e6 / bytesPerToken;
    return { usd: bytes * Math.max(floorUsd, rateUsd), tokens: bytes * (learned?.tokens ?? 1 / bytesPerToken) };
  }

  learn(model: string, spent: Spend, bytes: number): void {
    if (bytes > 0) this.#learned.set(model, { usd: spent.usd / bytes, tokens: spent.tokens / bytes });
  }
}
