import type { ExceededBudget, ExpectedSpend } from "../provider/cost-budget.ts";
import type { BudgetNode } from "./budget-node.ts";

interface Waiting {
  readonly node: BudgetNode;
  readonly request: object;
  readonly spend: ExpectedSpend;
  readonly decide: (exceeded: ExceededBudget | undefined) => void;
}

/**
 * The requests that wait in a tree of budgets, in the order in which they came. A request waits only where room is missing:
 * it holds back later ones that need the same node, and nobody else. It is reserved at all nodes at once or at none, so no
 * two can wait for each other.
 */
export class BudgetQueue {
  #waiting: readonly Waiting[] = [];

  enter(entry: Omit<Waiting, "decide">, signal: AbortSignal): Promise<ExceededBudget | undefined> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
        reject(signal.reason);
        this.admitNext();
      };
      const decide: Waiting["decide"] = (exceeded) => {
        signal.removeEventListener("abort", leave);
        resolve(exceeded);
      };
      const waiting = { ...entry, decide };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.#waiting = [...this.#waiting, waiting];
      this.admitNext();
    });
  }

  /** Call it whenever something was given back. A large request is not overtaken for ever by small ones. */
  admitNext(): void {
    const full = new Set<BudgetNode>();
    const remaining = this.#waiting.filter((waiting) => !tryAdmit(waiting, full));
    if (remaining.length < this.#waiting.length) this.#waiting = remaining;
  }
}

/** Whether it need not wait any longer. `full` are the nodes at which an earlier one waits. */
function tryAdmit({ node, request, spend, decide }: Waiting, full: Set<BudgetNode>): boolean {
  const { path } = node;
  for (const one of path) {
    const exceeded = one.refusal(spend);
    if (exceeded === undefined) continue;
    decide(exceeded);
    return true;
  }
  const missing = path.filter((one) => full.has(one) || !one.hasRoom(spend));
  for (const one of missing) full.add(one);
  if (missing.length > 0) return false;
  for (const one of path) one.hold(request, spend);
  decide(undefined);
  return true;
}
