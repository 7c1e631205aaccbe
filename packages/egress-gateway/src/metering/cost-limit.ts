/** What a request costs before its answer has told. */
export interface ExpectedCost {
  readonly expectedUsd: number;
  readonly mostUsd: number;
}

/**
 * Holds what the models may cost in all. Every request in flight has a reservation, which grows into its cost while the
 * answer passes. Once the limit was passed nothing more is allowed.
 *
 * What is expected of a request can be far from what it costs. So those of which nothing is known yet go on together as long
 * as the most that they may cost is there; then one at a time, and the limit is passed by one request at most.
 */
export class CostLimit {
  readonly maxCostUsd: number;
  readonly #onExceeded: (spentUsd: number) => void;
  readonly #reserved = new Map<object, number>();
  /** The most that each request may cost of which the answer has not told. */
  readonly #unknown = new Map<object, number>();
  readonly #waiting = new Set<() => void>();
  #spentUsd: number;
  #isExceeded = false;

  constructor(options: { maxCostUsd: number; spentUsd: number; onExceeded: (spentUsd: number) => void }) {
    this.maxCostUsd = options.maxCostUsd;
    this.#spentUsd = options.spentUsd;
    this.#onExceeded = options.onExceeded;
  }

  /** Waits until a request may go on. False when what is expected of it passes the limit. Rejects with the signal. */
  async admit(request: object, { expectedUsd, mostUsd }: ExpectedCost, signal: AbortSignal): Promise<boolean> {
    while (!this.#isExceeded && this.#total() + expectedUsd <= this.maxCostUsd) {
      if (this.#unknown.size === 0 || this.#most() + mostUsd <= this.maxCostUsd) {
        this.#reserved.set(request, expectedUsd);
        this.#unknown.set(request, mostUsd);
        return true;
      }
      await this.#change(signal);
    }
    return false;
  }

  /** What a request has cost so far. False when that passes the limit: then it must not go on. */
  reserve(request: object, costUsd: number): boolean {
    this.#reserved.set(request, costUsd);
    return this.#total() <= this.maxCostUsd;
  }

  /** The answer tells from now on what the request costs. */
  know(request: object): void {
    if (this.#unknown.delete(request)) this.#wake();
  }

  /** The request is over, and this is what it has cost. */
  settle(request: object, costUsd: number): void {
    if (this.#reserved.delete(request)) this.#spentUsd += costUsd;
    this.#unknown.delete(request);
    this.#wake();
  }

  /** The request was refused or cut. */
  exceed(request: object): void {
    if (this.#isExceeded) return;
    this.#isExceeded = true;
    this.#onExceeded(this.#spentUsd + (this.#reserved.get(request) ?? 0));
    this.#wake();
  }

  #total(): number {
    return [...this.#reserved.values()].reduce((sum, cost) => sum + cost, this.#spentUsd);
  }

  #most(): number {
    const costs = [...this.#reserved].map(([request, cost]) => Math.max(cost, this.#unknown.get(request) ?? 0));
    return costs.reduce((sum, cost) => sum + cost, this.#spentUsd);
  }

  #wake(): void {
    for (const go of this.#waiting) go();
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (): void => {
        this.#waiting.delete(go);
        signal.removeEventListener("abort", go);
        if (signal.aborted) reject(signal.reason);
        else resolve();
      };
      this.#waiting.add(go);
      signal.addEventListener("abort", go, { once: true });
      if (signal.aborted) go();
    });
  }
}
