import { SandboxError } from "../errors/index.ts";
import type { RunEventBody, RunPhase } from "../events/run-event.ts";
import type { HarnessCommand } from "../harness/harness.ts";
import type { EgressEvent, EgressPolicy, ModelUsage } from "../provider/egress-policy.ts";
import { ownerLabel, runLabel, type Sandbox, type SandboxSpec } from "../provider/sandbox.ts";
import type { Template } from "../provider/template.ts";
import { egressPolicy } from "./egress-policy.ts";
import type { FailureOrigin } from "./exit-code.ts";
import type { Journal } from "./journal.ts";
import type { ModelAccess } from "./model-route.ts";
import { networkPolicyEvent } from "./network-policy-event.ts";
import type { Redactor } from "./redactor.ts";
import { retry } from "./retry.ts";
import type { RunLock } from "./run-lock.ts";
import type { RunResult } from "./run-result.ts";
import type { RunSpec } from "./run-spec.ts";
import { Spending } from "./spending.ts";
import type { StopSwitch } from "./stop-switch.ts";
import type { Watchdog } from "./watchdog.ts";

export interface ExecutionOptions {
  readonly spec: RunSpec;
  readonly runId: string;
  readonly runDir: string;
  readonly owner: string;
  readonly startedAt: Date;
  readonly lock: RunLock;
  readonly journal: Journal;
  readonly redactor: Redactor;
  readonly stopSwitch: StopSwitch;
  readonly model: ModelAccess;
  readonly command: HarnessCommand;
}

export interface Failure {
  readonly origin: FailureOrigin;
  readonly reason: string;
  readonly hint?: string;
}

/** How long a harness may go on after the model's answer was that the budget is spent: it ends by itself in 2 seconds. */
const budgetGraceMs = 15_000;

/** What the stages of one run share: what is known so far, and the ways to say something. */
export class Execution {
  readonly options: ExecutionOptions;
  readonly spec: RunSpec;
  readonly runId: string;
  readonly stopSwitch: StopSwitch;
  readonly leaseMs: number;
  readonly spending = new Spending();
  phase: RunPhase | undefined;
  watchdog: Watchdog | undefined;
  sandbox: Sandbox | undefined;
  /** A sandbox may exist although no handle on it was got. */
  mayHaveSandbox = false;
  failure: Failure | undefined;
  /** The models have used up `maxCostUsd`. */
  isBudgetSpent = false;
  files: RunResult["files"];
  /** Why the result is incomplete, when a retry could complete it. */
  collectError: SandboxError | undefined;
  #isSilent = false;
  #isModelUnreachable = false;
  readonly #unpriced = new Set<string>();

  constructor(options: ExecutionOptions) {
    this.options = options;
    this.spec = options.spec;
    this.runId = options.runId;
    this.stopSwitch = options.stopSwitch;
    this.egress = egressPolicy(options.spec, options.model.route);
    this.leaseMs = Math.max(options.spec.leaseMs ?? 5 * 60_000, 10_000);
  }

  /** Publishes an event. A journal that cannot be written stops the run; the rest of it goes on in silence. */
  emit(event: RunEventBody): void {
    if (this.#isSilent) return;
    if (event.type === "usage") this.spending.add(event);
    try {
      this.options.journal.append(event);
    } catch (error) {
      this.#isSilent = true;
      this.stopSwitch.stop({ kind: "failed", error: asSandboxError(error) });
    }
  }

  enter(phase: RunPhase): void {
    this.emit({ type: "run.state", ...(this.phase === undefined ? {} : { from: this.phase }), to: phase });
    this.phase = phase;
  }

  progress(
    message: string,
    more: { readonly done?: number; readonly total?: number; readonly output?: string } = {},
  ): void {
    this.emit({ type: "run.progress", stage: this.phase ?? "preparing", message, ...more });
  }

  warn(code: string, message: string): void {
    this.emit({ type: "warning", code, message });
  }

  /** Remembers the first failure, and publishes each. What follows from a stop is not a failure. */
  fail(error: unknown, origin?: FailureOrigin): void {
    const problem = asSandboxError(error);
    if (problem.code === "aborted" && this.stopSwitch.reason !== undefined) return;
    this.failure ??= {
      origin: origin ?? originOf(problem, this.phase),
      reason: this.options.redactor.text(problem.message),
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    };
    this.emit({
      type: "error",
      code: problem.code,
      message: problem.message,
      retryable: problem.retryable,
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    });
  }

  /** Runs a provider's call again where its error says that it is worth it. */
  retry<T>(doing: string, call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return retry(call, {
      signal,
      onRetry: (error, delayMs) =>
        this.progress(`${doing} failed (${error.message}), again in ${Math.ceil(delayMs / 1000)} s`),
    });
  }

  /** A new handle on the run's sandbox, with its egress, in place of a broken one. */
  async reconnect(signal: AbortSignal): Promise<Sandbox> {
    const broken = this.sandbox;
    if (broken === undefined) throw new SandboxError("internal", "There is no sandbox to connect to again");
    this.sandbox = await this.retry(
      "connecting",
      () =>
        this.spec.provider.connect(broken.id, {
          signal,
          egress: this.#egressFromHere(),
          egressObserver: this.egressObserver,
        }),
      signal,
    );
    await broken.close().catch(() => {
      // Its connection is the broken one; the sandbox itself is held by the new handle.
    });
    return this.sandbox;
  }

  /** What the sandbox may reach. Fixed when the sandbox is created: a handle got later is given the very same policy. */
  egress: EgressPolicy;

  /** Fixes what the sandbox may reach, once the template's own registries are known, and says it. */
  settleEgress(template: Template): void {
    this.egress = egressPolicy(this.spec, this.options.model.route, template);
    this.emit(networkPolicyEvent(this.egress));
  }

  /** The same policy, with what of its limit is spent: a handle got later counts on. */
  #egressFromHere(): EgressPolicy {
    const { maxCostUsd } = this.egress;
    if (maxCostUsd === undefined) return this.egress;
    return { ...this.egress, spentUsd: this.isBudgetSpent ? maxCostUsd : this.spending.meteredUsd };
  }

  /** What the run asks of the provider, but for the template. */
  get sandboxSpec(): Omit<SandboxSpec, "template"> {
    const { spec, runId, options } = this;
    const env = Object.entries(spec.env ?? {}).map(([name, value]) => [
      name,
      typeof value === "string" ? value : value.reveal(),
    ]);
    return {
      labels: { ...spec.labels, [ownerLabel]: options.owner, [runLabel]: runId },
      ttlMs: this.leaseMs,
      env: Object.fromEntries(env),
      egress: this.egress,
      idempotencyKey: runId,
      ...(spec.resources === undefined ? {} : { resources: spec.resources }),
      ...(spec.mounts === undefined ? {} : { mounts: spec.mounts }),
      ...(spec.rootInside === undefined ? {} : { rootInside: spec.rootInside }),
    };
  }

  readonly egressObserver = {
    onTraffic: () => this.watchdog?.touch(),
    onRequest: (event: EgressEvent) => {
      this.emit({ type: "network.request", ...event });
      if (event.routeId === undefined || event.decision !== "failed" || this.#isModelUnreachable) return;
      this.#isModelUnreachable = true;
      const reason = event.reason ?? `status ${event.status}`;
      this.warn("model-unreachable", `The model's API could not be reached from this machine: ${reason}`);
    },
    onUsage: ({ routeId: _, ...usage }: ModelUsage) => {
      this.emit({ type: "usage", ...usage, source: "gateway" });
      if (usage.costUsd !== undefined || this.#unpriced.has(usage.model)) return;
      this.#unpriced.add(usage.model);
      this.warn("no-price", `The model ${usage.model} has no price: what the run costs is not known`);
    },
    onBudgetExceeded: () => {
      this.isBudgetSpent = true;
      this.watchdog?.stopWithin(budgetGraceMs, { kind: "budget-spent" });
    },
  };
}

export function asSandboxError(error: unknown): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SandboxError("internal", `Unexpected: ${message}`, { cause: error });
}

function originOf(error: SandboxError, phase: RunPhase | undefined): FailureOrigin {
  if (error.code === "invalid-options") return "usage";
  if (error.code === "authentication" || error.code === "capability-unsupported") return "preflight";
  if (error.code === "component") return "harness";
  if (error.code === "unavailable" && phase === "preparing") return "preflight";
  return "sandbox";
}
