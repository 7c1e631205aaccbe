import type { CostBudget } from "@glovebox/core/provider";
import type { ExpectedCost, ModelLimit } from "./model-limit.ts";

/** Holds the requests of one sandbox to a budget that other sandboxes share. */
export class BudgetLimit implements ModelLimit {
  readonly #budget: CostBudget;
  readonly #onExceeded: (spentUsd: number) => void;
  #isExceeded = false;

  constructor(budget: CostBudget, onExceeded: (spentUsd: number) => void) {
    this.#budget = budget;
    this.#onExceeded = onExceeded;
  }

  get spentMessage(): string {
    return `what is left of the budget of $${this.#budget.maxCostUsd} that this run shares does not cover this request`;
  }

  async admit(request: object, { worstUsd }: ExpectedCost, signal: AbortSignal): Promise<boolean> {
    return !this.#isExceeded && (await this.#budget.admit(request, worstUsd, signal));
  }

  reserve(request: object, _costUsd: number, worstUsd: number): boolean {
    return this.#budget.reserve(request, worstUsd);
  }

  know(): void {}

  reconcile(request: object, costUsd?: number): void {
    this.#budget.reconcile(request, costUsd);
  }

  exceed(): void {
    if (this.#isExceeded) return;
    this.#isExceeded = true;
    this.#onExceeded(this.#budget.spentUsd);
  }
}
