import type { EgressObserver, EgressPolicy, ModelRoute } from "@glovebox/core/provider";
import type { GatewayAnswer } from "../gateway-answer.ts";
import { BufferedBytes } from "./buffered-bytes.ts";
import { CostLimit } from "./cost-limit.ts";
import { InputRates } from "./input-rates.ts";
import { messagesPath } from "./messages-path.ts";
import { ModelCall } from "./model-call.ts";

/** Reads what the models of one sandbox use, and holds them to the policy's limit of cost. */
export class Meter {
  readonly #limit: CostLimit | undefined;
  readonly #observer: EgressObserver | undefined;
  readonly #rates = new InputRates();
  readonly #pending = new BufferedBytes();

  /** The policy's limit of cost was checked: see `checkCostLimit`. */
  constructor(policy: EgressPolicy, observer: EgressObserver | undefined) {
    this.#observer = observer;
    const { maxCostUsd } = policy;
    if (maxCostUsd === undefined) return;
    this.#limit = new CostLimit({
      maxCostUsd,
      spentUsd: policy.spentUsd ?? 0,
      onExceeded: (spentUsd) => observer?.onBudgetExceeded?.({ spentUsd, maxCostUsd }),
    });
  }

  /** Follows a request. Absent where it costs nothing. `cut` ends it when its answer has used up the limit. */
  open(
    route: ModelRoute,
    request: { readonly method: string; readonly path: string },
    cut: (answer: GatewayAnswer) => void,
  ): ModelCall | undefined {
    if (route.api === undefined || request.method !== "POST" || request.path !== messagesPath) return undefined;
    const onUsage: EgressObserver["onUsage"] = (usage) => this.#observer?.onUsage?.(usage);
    return new ModelCall({ route, limit: this.#limit, rates: this.#rates, pending: this.#pending, onUsage, cut });
  }
}
