import type { EgressObserver, EgressPolicy, ModelRoute } from "@glovebox/core/provider";
import type { GatewayAnswer } from "../gateway-answer.ts";
import { BufferedBytes } from "./buffered-bytes.ts";
import { InputRates } from "./input-rates.ts";
import { meteredApis } from "./metered-apis.ts";
import { ModelCall } from "./model-call.ts";
import type { RequestTarget } from "./model-request.ts";
import { SandboxBudget } from "./sandbox-budget.ts";

/** What is read of a request's head. */
interface RequestHead extends RequestTarget {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What an agent may be called: its name is shown, and becomes part of events. */
const agentName = /^[\w.:-]{1,64}$/;

/** Reads what the models of one sandbox use, and holds them to the policy's budget. */
export class Meter {
  readonly #budget: SandboxBudget | undefined;
  readonly #observer: EgressObserver | undefined;
  readonly #rates = new InputRates();
  readonly #pending = new BufferedBytes();

  /** The policy's budget was checked: see `checkBudget`. */
  constructor({ budget }: EgressPolicy, observer: EgressObserver | undefined) {
    this.#observer = observer;
    if (budget === undefined) return;
    this.#budget = new SandboxBudget(budget, (exceeded) => this.#observer?.onBudgetExceeded?.(exceeded));
  }

  /** Follows a request. Absent where it costs nothing. `cut` ends it when its answer has used up a limit. */
  open(route: ModelRoute, request: RequestHead, cut: (answer: GatewayAnswer) => void): ModelCall | undefined {
    if (route.api === undefined || request.method !== "POST") return undefined;
    const api = meteredApis[route.api];
    if (!api.costs.test(request.path)) return undefined;
    const agentId = agentOf(route, request);
    return new ModelCall({
      route,
      api,
      target: request,
      agentId,
      budget: this.#budget,
      rates: this.#rates,
      pending: this.#pending,
      onUsage: (usage) => this.#observer?.onUsage?.(usage),
      cut,
    });
  }
}

/** A request that names no agent, or none that can be a name, is the run's own. */
function agentOf({ agentHeader }: ModelRoute, { headers }: RequestHead): string | undefined {
  const name = agentHeader === undefined ? undefined : headers[agentHeader];
  return typeof name === "string" && agentName.test(name) ? name : undefined;
}
