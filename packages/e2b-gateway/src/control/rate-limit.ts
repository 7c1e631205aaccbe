import { ApiError } from "../api-error.ts";
import { TokenBucket } from "../token-bucket.ts";

/** Allows a number of requests a second for each name, and twice as many in a burst. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Throws 429 with the time to wait. The names must be few. */
  take(name: string, now: number = performance.now()): void {
    const bucket = this.#buckets.get(name) ?? new TokenBucket(this.#perSecond, now);
    this.#buckets.set(name, bucket);
    const retryAfterSeconds = bucket.take(now);
    if (retryAfterSeconds > 0) throw new ApiError(429, "Too many requests", { retryAfterSeconds });
  }
}
