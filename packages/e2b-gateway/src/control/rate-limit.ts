import { ApiError } from "../api-error.ts";

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Allows a number of requests a second for each name, and twice as many in a burst. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Throws 429 with the time to wait. The names must be few. */
  take(name: string, now: number = performance.now()): void {
    const burst = Math.max(1, this.#perSecond * 2);
    const bucket = this.#buckets.get(name) ?? { tokens: burst, filledAt: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * this.#perSecond);
    bucket.filledAt = now;
    this.#buckets.set(name, bucket);
    if (bucket.tokens < 1) {
      const retryAfterSeconds = Math.ceil((1 - bucket.tokens) / this.#perSecond);
      throw new ApiError(429, "Too many requests", { retryAfterSeconds });
    }
    bucket.tokens -= 1;
  }
}
