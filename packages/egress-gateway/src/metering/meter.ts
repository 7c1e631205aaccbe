import { type EgressObserver, type EgressPolicy, InvalidOptionsError, type ModelRoute } from "@glovebox/core/provider";
import type { GatewayAnswer } from "../gateway-answer.ts";
import { CostLimit } from "./cost-limit.ts";
import { HeldBytes } from "./held-bytes.ts";
import { InputRates } from "./input-rates.ts";
import { ModelCall } from "./model-call.ts";

/** The paths of the Messages API: the one that costs, and the one that does not. */
const messages = "/v1/messages";
const countTokens = "/v1/messages/count_tokens";

/** Reads what the models of one sandbox use, and holds them to the policy's limit of cost. */
export class Meter {
  readonly #limit: CostLimit | undefined;
  readonly #observer: EgressObserver | undefined;
  readonly #rates = new InputRates();
  readonly #held = new HeldBytes();

  /** A limit that cannot be held is `invalid-options`. */
  constructor(policy: EgressPolicy, observer: EgressObserver | undefined) {
    this.#observer = observer;
    const { maxCostUsd } = policy;
    if (maxCostUsd === undefined) return;
    if (!(maxCostUsd >= 0)) throw new InvalidOptionsError("The limit of cost is not an amount of US dollars");
    for (const route of policy.models) assertLimitable(route);
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
    if (route.api === undefined || request.method !== "POST" || request.path !== messages) return undefined;
    const onUsage: EgressObserver["onUsage"] = (usage) => this.#observer?.onUsage?.(usage);
    return new ModelCall({ route, limit: this.#limit, rates: this.#rates, held: this.#held, onUsage, cut });
  }
}

function assertLimitable({ id, api, prices, paths }: ModelRoute): void {
  const refuse = (problem: string, hint: string): never => {
    throw new InvalidOptionsError(`Model route ${id}: its cost cannot be limited, for ${problem}`, { hint });
  };
  if (api === undefined) refuse("nobody knows how to read its usage", "Run without a limit of cost.");
  if (prices === undefined) refuse("it has no prices", 'Give it some with "prices", or run without a limit of cost.');
  const other = paths.find(({ method, path }) => method === "POST" && path !== messages && path !== countTokens);
  if (other !== undefined) refuse(`${other.path} cannot be metered`, "Run without a limit of cost.");
}
