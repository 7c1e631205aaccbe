import type { CostBudget } from "../provider/cost-budget.ts";

interface Waiting {
  readonly request: object;
  readonly mostUsd: number;
  readonly decide: (isAdmitted: boolean) => void;
}

/** A budget that `budget()` makes: give it to as many runs as you like. It holds in this process. */
export class SharedBudget implements CostBudget {
  readonly maxCostUsd: number;
  readonly #reserved = new Map<object, number>();
  #queue: readonly Waiting[] = [];
  #spentUsd = 0;
  /** The least that a request could have cost so far. */
  #smallestUsd = Number.POSITIVE_INFINITY;

  constructor(maxCostUsd: number) {
    this.maxCostUsd = maxCostUsd;
  }

  get spentUsd(): number {
    return this.#spentUsd;
  }

  /** What is reserved for requests in flight: the most that they can cost, in US dollars. */
  get reservedUsd(): number {
    return sum(this.#reserved.values());
  }

  /** What no request has spent or reserved, in US dollars. */
  get remainingUsd(): number {
    return Math.max(0, this.maxCostUsd - this.#spentUsd - this.reservedUsd);
  }

  /** Whether what is left is too little even for the smallest request so far. */
  get isSpent(): boolean {
    const next = Number.isFinite(this.#smallestUsd) ? this.#smallestUsd : 0;
    return this.#spentUsd >= this.maxCostUsd || this.#spentUsd + next > this.maxCostUsd;
  }

  admit(request: object, mostUsd: number, signal: AbortSignal): Promise<boolean> {
    this.#smallestUsd = Math.min(this.#smallestUsd, mostUsd);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue = this.#queue.filter((one) => one !== waiting);
        reject(signal.reason);
        this.#admitNext();
      };
      const decide = (isAdmitted: boolean): void => {
        signal.removeEventListener("abort", leave);
        resolve(isAdmitted);
      };
      const waiting = { request, mostUsd, decide };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.#queue = [...this.#queue, waiting];
      this.#admitNext();
    });
  }

  reserve(request: object, mostUsd: number): boolean {
    const before = this.#reserved.get(request) ?? 0;
    if (mostUsd > before && this.#spentUsd + this.reservedUsd - before + mostUsd > this.maxCostUsd) return false;
    this.#reserved.set(request, mostUsd);
    if (mostUsd < before) this.#admitNext();
    return true;
  }

  reconcile(request: object, costUsd?: number): void {
    const reserved = this.#reserved.get(request);
    if (reserved === undefined) return;
    this.#reserved.delete(request);
    this.#spentUsd += costUsd ?? reserved;
    this.#admitNext();
  }

  /** In the order in which they came: a large request is not overtaken for ever by small ones. */
  #admitNext(): void {
    for (let [next] = this.#queue; next !== undefined; [next] = this.#queue) {
      const canFit = this.#spentUsd + next.mostUsd <= this.maxCostUsd;
      if (canFit && this.#spentUsd + this.reservedUsd + next.mostUsd > this.maxCostUsd) return;
      if (canFit) this.#reserved.set(next.request, next.mostUsd);
      this.#queue = this.#queue.slice(1);
      next.decide(canFit);
    }
  }
}

function sum(amounts: Iterable<number>): number {
  return [...amounts].reduce((total, amount) => total + amount, 0);
}
