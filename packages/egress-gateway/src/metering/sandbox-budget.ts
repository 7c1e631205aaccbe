import type { CostBudget, ExceededBudget, ExpectedSpend, KnownSpend } from "@glovebox/core/provider";

/**
 * Holds the requests of one sandbox to its budget. Once a limit of the run, or one that it shares, has refused or cut a
 * request, nothing more leaves: the run is about to end. A limit of one agent ends that agent's requests only.
 */
export class SandboxBudget {
  readonly #budget: CostBudget;
  readonly #onExceeded: (exceeded: ExceededBudget) => void;
  readonly #exceeded = new Map<string, ExceededBudget>();

  constructor(budget: CostBudget, onExceeded: (exceeded: ExceededBudget) => void) {
    this.#budget = budget;
    this.#onExceeded = onExceeded;
  }

  /** The node that counts a request: of the agent that it names, where each agent has a limit. */
  nodeFor(agentId: string | undefined): CostBudget {
    return agentId === undefined ? this.#budget : this.#budget.forAgent(agentId);
  }

  /** Waits until a request may leave. Resolves to the limit that refuses it, if one does. Rejects with the signal's reason. */
  async admit(
    node: CostBudget,
    request: object,
    spend: ExpectedSpend,
    signal: AbortSignal,
  ): Promise<ExceededBudget | undefined> {
    const before = this.#closedBy(node);
    if (before !== undefined) return before;
    const exceeded = await node.admit(request, spend, signal);
    if (exceeded !== undefined) return this.#note(exceeded);
    const meanwhile = this.#closedBy(node);
    if (meanwhile !== undefined) node.reconcile(request, { spent: nothing, worst: nothing });
    return meanwhile;
  }

  /** Counts what a request has come to. Returns the limit that it exceeds, if it does: then it must stop. */
  reserve(node: CostBudget, request: object, spend: KnownSpend): ExceededBudget | undefined {
    const exceeded = node.reserve(request, spend);
    return exceeded === undefined ? undefined : this.#note(exceeded);
  }

  #closedBy(node: CostBudget): ExceededBudget | undefined {
    for (const limit of node.totals) {
      const exceeded = this.#exceeded.get(keyOf(limit));
      if (exceeded !== undefined) return exceeded;
    }
    return undefined;
  }

  #note(exceeded: ExceededBudget): ExceededBudget {
    const key = keyOf(exceeded);
    if (!this.#exceeded.has(key)) {
      this.#exceeded.set(key, exceeded);
      this.#onExceeded(exceeded);
    }
    return exceeded;
  }
}

const nothing = { usd: 0, tokens: 0 };

function keyOf({ kind, name }: Pick<ExceededBudget, "kind" | "name">): string {
  return `${kind} ${name}`;
}
