import type { ExpectedCost, ModelLimit } from "./model-limit.ts";

/**
 * Enforces what the models may cost in all. Every request in flight has a reservation, which grows into its cost while the
 * response passes. Once the limit is exceeded nothing more is allowed.
 *
 * The estimate can be far from the real cost. Requests whose cost is not known yet therefore run together only while the
 * maximum that they may cost fits; beyond that one at a time, so that one request at most exceeds the limit.
 */
export class CostLimit implements ModelLimit {
  readonly maxCostUsd: number;
  readonly #onExceeded: (spentUsd: number) => void;
  readonly #reserved = new Map<object, number>();
  /** The maximum that each request may cost whose response has not reported it yet. */
  readonly #unknown = new Map<object, number>();
  readonly #waiting = new Set<() => void>();
  #spentUsd: number;
  #isExceeded = false;

  constructor(options: { maxCostUsd: number; spentUsd: number; onExceeded: (spentUsd: number) => void }) {
    this.maxCostUsd = options.maxCostUsd;
    this.#spentUsd = options.spentUsd;
    this.#onExceeded = options.onExceeded;
  }

  get spentMessage(): string {
    return `the limit of $${this.maxCostUsd} for this run is spent`;
  }

  /** Waits until a request may start. False when its estimate exceeds the limit. Rejects with the signal. */
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

  /** What a request has cost so far. False when that exceeds the limit: then it must stop. */
  reserve(request: object, costUsd: number): boolean {
    this.#reserved.set(request, costUsd);
    return this.#total() <= this.maxCostUsd;
  }

  /** From here on the response reports what the request costs. */
  know(request: object): void {
    if (this.#unknown.delete(request)) this.#wake();
  }

  /** The request has ended and has cost this; by default, what is reserved for it. */
  reconcile(request: object, costUsd = this.#reserved.get(request) ?? 0): void {
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
