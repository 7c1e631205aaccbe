/**
 * Holds what the models may cost in all. Every request in flight has a reservation, which grows into its cost while the
 * answer passes. Once the limit was passed nothing more is allowed.
 */
export class CostLimit {
  readonly maxCostUsd: number;
  readonly #onExceeded: (spentUsd: number) => void;
  readonly #reserved = new Map<object, number>();
  #spentUsd: number;
  #isExceeded = false;

  constructor(options: { maxCostUsd: number; spentUsd: number; onExceeded: (spentUsd: number) => void }) {
    this.maxCostUsd = options.maxCostUsd;
    this.#spentUsd = options.spentUsd;
    this.#onExceeded = options.onExceeded;
  }

  /** Sets aside what a request costs as far as is known. False when that passes the limit: then it must not go on. */
  reserve(request: object, costUsd: number): boolean {
    if (this.#isExceeded && !this.#reserved.has(request)) return false;
    this.#reserved.set(request, costUsd);
    let total = this.#spentUsd;
    for (const cost of this.#reserved.values()) total += cost;
    return total <= this.maxCostUsd;
  }

  /** The request is over, and this is what it has cost. */
  settle(request: object, costUsd: number): void {
    if (this.#reserved.delete(request)) this.#spentUsd += costUsd;
  }

  /** The request was refused or cut. */
  exceed(request: object): void {
    if (this.#isExceeded) return;
    this.#isExceeded = true;
    this.#onExceeded(this.#spentUsd + (this.#reserved.get(request) ?? 0));
  }
}
