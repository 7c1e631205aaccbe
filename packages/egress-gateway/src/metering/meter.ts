import type { EgressObserver, EgressPolicy, ModelRoute } from "@glovebox/core/provider";
import type { GatewayAnswer } from "../gateway-answer.ts";
import { BudgetLimit } from "./budget-limit.ts";
import { BufferedBytes } from "./buffered-bytes.ts";
import { CostLimit } from "./cost-limit.ts";
import { InputRates } from "./input-rates.ts";
import { messagesPath } from "./messages-path.ts";
import { ModelCall } from "./model-call.ts";
import type { ModelLimit } from "./model-limit.ts";

/** Reads what the models of one sandbox use, and holds them to the policy's limit of cost. */
export class Meter {
  /** The sandbox's own limit, then the one that it shares: what waits there holds back nobody else. */
  readonly #limits: readonly ModelLimit[];
  readonly #observer: EgressObserver | undefined;
  readonly #rates = new InputRates();
  readonly #pending = new BufferedBytes();

  /** The policy's limit of cost was checked: see `checkCostLimit`. */
  constructor(policy: EgressPolicy, observer: EgressObserver | undefined) {
    this.#observer = observer;
    this.#limits = limitsOf(policy, observer);
  }

  /** Follows a request. Absent where it costs nothing. `cut` ends it when its answer has used up the limit. */
  open(
    route: ModelRoute,
    request: { readonly method: string; readonly path: string },
    cut: (answer: GatewayAnswer) => void,
  ): ModelCall | undefined {
    if (route.api === undefined || request.method !== "POST" || request.path !== messagesPath) return undefined;
    const onUsage: EgressObserver["onUsage"] = (usage) => this.#observer?.onUsage?.(usage);
    return new ModelCall({ route, limits: this.#limits, rates: this.#rates, pending: this.#pending, onUsage, cut });
  }
}

function limitsOf(
  { maxCostUsd, spentUsd = 0, budget }: EgressPolicy,
  observer: EgressObserver | undefined,
): ModelLimit[] {
  const limits: ModelLimit[] = [];
  if (maxCostUsd !== undefined) {
    const onExceeded = (spent: number) => observer?.onBudgetExceeded?.({ spentUsd: spent, maxCostUsd });
    limits.push(new CostLimit({ maxCostUsd, spentUsd, onExceeded }));
  }
  if (budget !== undefined) {
    const { maxCostUsd: most } = budget;
    const onExceeded = (spent: number) =>
      observer?.onBudgetExceeded?.({ spentUsd: spent, maxCostUsd: most, isShared: true });
    limits.push(new BudgetLimit(budget, onExceeded));
  }
  return limits;
}
