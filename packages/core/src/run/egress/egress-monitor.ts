import type { ExceededBudget } from "../../provider/cost-budget.ts";
import type { EgressEvent, EgressObserver, ModelUsage } from "../../provider/egress-policy.ts";
import type { RunReporter } from "../context/run-reporter.ts";
import type { CancellationController } from "../stop/cancellation-controller.ts";
import type { Watchdog } from "../stop/watchdog.ts";
import { describeLimit } from "./describe-limit.ts";
import { ModelRecord } from "./model-record.ts";
import { RequestRecord } from "./request-record.ts";
import type { Spending } from "./spending.ts";

export interface EgressMonitorOptions {
  readonly reporter: RunReporter;
  readonly spending: Spending;
  readonly watchdog: Watchdog;
  readonly cancellation: CancellationController;
  /** Closes the sandbox's egress. */
  readonly stop: AbortSignal;
}

const agentSettings = { usd: "maxCostPerAgentUsd", tokens: "maxTokensPerAgent" } as const;
/** How long a harness may run after the model replied that the budget is spent: it ends by itself within 2 seconds. */
const budgetGraceMs = 15_000;

/** Follows what a sandbox sends out: publishes requests and usage, and stops the run when its budget is spent. */
export class EgressMonitor {
  readonly #options: EgressMonitorOptions;
  readonly #requests: RequestRecord;
  readonly #model: ModelRecord;
  readonly #unpriced = new Set<string>();
  #exceeded: ExceededBudget | undefined;

  constructor(options: EgressMonitorOptions) {
    const { reporter } = options;
    this.#options = options;
    this.#requests = new RequestRecord((event) => reporter.emit(event));
    this.#model = new ModelRecord((code, message) => reporter.warn(code, message));
  }

  /** What a provider reports to. */
  get observer(): EgressObserver {
    return {
      stop: this.#options.stop,
      onTraffic: () => this.#options.watchdog.touch(),
      onRequest: (event) => this.#addRequest(event),
      onUsage: (usage) => this.#addUsage(usage),
      onBudgetExceeded: (exceeded) => this.#endBudget(exceeded),
    };
  }

  /** The limit that has ended the run: its own, or one that it shares. */
  get exceededBudget(): ExceededBudget | undefined {
    return this.#exceeded;
  }

  /** Requests to which a model has replied. */
  get modelReplies(): number {
    return this.#model.answers;
  }

  /** Whether the model's key was rejected, and no model has answered since; `undefined` where no request has shown it. */
  get isKeyRejected(): boolean | undefined {
    return this.#model.isKeyRejected;
  }

  get refusedHosts(): readonly string[] {
    return this.#requests.refusedHosts;
  }

  /** Publishes the requests that were counted but not yet reported. */
  flush(): void {
    this.#requests.flush();
  }

  #addRequest(event: EgressEvent): void {
    this.#requests.add(event);
    this.#model.add(event, this.#options.cancellation.reason !== undefined);
  }

  #addUsage({ routeId: _, budget, ...usage }: ModelUsage): void {
    const { reporter } = this.#options;
    const totals = budget === undefined ? {} : { budget: [...budget] };
    reporter.emit({ type: "usage", ...usage, ...totals, source: "gateway" });
    if (usage.costUsd !== undefined || this.#unpriced.has(usage.model)) return;
    this.#unpriced.add(usage.model);
    reporter.warn("no-price", `The model ${usage.model} has no price: the cost of the run is unknown`);
  }

  #endBudget(exceeded: ExceededBudget): void {
    if (exceeded.kind === "agent") {
      const message = `The sub-agent ${exceeded.name} was stopped: ${describeLimit(exceeded)} is used up`;
      this.#options.reporter.warn("agent-budget", message, { raise: agentSettings[exceeded.unit] });
      return;
    }
    this.#exceeded ??= exceeded;
    this.#options.watchdog.stopWithin(budgetGraceMs, { kind: "budget-spent" });
  }
}
