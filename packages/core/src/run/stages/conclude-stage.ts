import type { Cleanup, RunOutcome } from "../../events/run-event.ts";
import type { CollectedFiles } from "../../files/manifest.ts";
import { apiHint } from "../../harness/agent-outcome.ts";
import type { ExceededBudget } from "../../provider/cost-budget.ts";
import { type Advice, adviceOf } from "../advice-of.ts";
import type { RunContext } from "../context/run-context.ts";
import { describeLimit } from "../egress/describe-limit.ts";
import { hasModelEvidence } from "../egress/model-evidence.ts";
import { exitCodeOf, type FailureOrigin } from "../exit-code.ts";
import { asSandboxError, type Failure } from "../failure.ts";
import type { RunResult } from "../run-result.ts";
import type { RunSandbox } from "../sandbox/run-sandbox.ts";
import { writeResult } from "../state/run-record.ts";
import type { Collected } from "./collect-stage.ts";
import type { HarnessVerdict, Ran } from "./harness-stage.ts";

/** What the stages before came to; a stage that was not reached left nothing. */
export interface Reached {
  readonly sandbox: RunSandbox | undefined;
  readonly ran: Ran | undefined;
  readonly failure: Failure | undefined;
}

export interface Finished extends Reached {
  readonly collected: Collected;
  readonly cleanup: Cleanup;
}

interface Conclusion extends Advice {
  readonly outcome: RunOutcome;
  readonly reason: string;
  readonly origin?: FailureOrigin;
}

/** Decides a run's outcome, writes its result, and publishes its last event. */
export function concludeStage(run: RunContext, finished: Finished): RunResult {
  const result = resultOf(run, finished);
  publish(run, result);
  return result;
}

/** The result of a run by what is known at present. */
export function resultOf(run: RunContext, { sandbox, ran, failure, collected, cleanup }: Finished): RunResult {
  const { spec, redactor, spending, startedAt } = run;
  const conclusion = conclude(run, ran?.verdict, failure);
  const complete = collected.error === undefined && isComplete(collected.files);
  const last = ran?.verdict?.result;
  return {
    v: 1,
    runId: run.runId,
    outcome: conclusion.outcome,
    reason: redactor.text(conclusion.reason),
    ...adviceOf(conclusion),
    exitCode: exitCodeOf({ ...conclusion, cleanup, complete }),
    cleanup,
    providerId: spec.provider.id,
    sandboxId: sandbox?.handle.id,
    harnessId: spec.harness.id,
    sessionId: last?.sessionId,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    message: last === undefined ? undefined : redactor.text(last.message),
    structuredOutput: redactor.value(last?.structuredOutput),
    turns: last?.turns,
    maxCostUsd: spec.maxCostUsd,
    maxTokens: spec.maxTokens,
    costUsd: spending.costUsd(last?.costUsd),
    tokens: spending.tokens,
    files: collected.files,
  };
}

function isComplete(files: CollectedFiles | undefined): boolean {
  return files === undefined || (files.complete && !files.skipped.some((entry) => entry.pastLimit));
}

function conclude(run: RunContext, verdict: HarnessVerdict | undefined, failure: Failure | undefined): Conclusion {
  const { aborted, reason: stop } = run.cancellation;
  if (aborted.aborted) return { outcome: "cancelled", reason: "Aborted; uncollected files were discarded" };
  if (stop?.kind === "failed") {
    return { outcome: "failed", origin: "sandbox", reason: stop.error.message, ...adviceOf(stop.error) };
  }
  if (stop !== undefined && stop.kind !== "budget-spent" && !verdict?.endedByItself) {
    return stop.kind === "timed-out"
      ? { outcome: "timed-out", reason: stop.message, remedy: { raise: stop.setting } }
      : { outcome: "cancelled", reason: "Cancelled" };
  }
  const { exceededBudget } = run.monitor;
  if (exceededBudget !== undefined) return budgetExceeded(run, exceededBudget);
  if (verdict === undefined) {
    return { outcome: "failed", origin: "sandbox", reason: "The run did not start", ...failure };
  }
  return judge(run, verdict);
}

const runSettings = { usd: "maxCostUsd", tokens: "maxTokens" } as const;

/** Also where the harness ended well at the same moment: not everything that it requested was granted. */
function budgetExceeded({ spending }: RunContext, exceeded: ExceededBudget): Conclusion {
  const { kind, unit, maxUsd = 0, maxTokens = 0 } = exceeded;
  const used = spending.metered;
  const what = unit === "usd" ? `cost $${used.usd.toFixed(4)}` : `used ${used.tokens.toLocaleString("en-US")} tokens`;
  const limit = sentence(describeLimit(exceeded));
  if (kind === "shared") {
    return {
      outcome: "budget-exceeded",
      reason: `${limit} has no room for the next request of this run: its own models ${what}`,
      hint: "Raise the budget, or start fewer runs with it. Each request needs room for what it can use.",
    };
  }
  const isSpent = used[unit] >= (unit === "usd" ? maxUsd : maxTokens);
  const reason = isSpent
    ? `${limit} is spent: its models ${what}`
    : `${limit} is reached: its models ${what}, and the next request would have exceeded it`;
  return { outcome: "budget-exceeded", reason, remedy: { raise: runSettings[unit] } };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function judge(run: RunContext, { outcome, result, answerProblem }: HarnessVerdict): Conclusion {
  if (outcome.ok && !run.spec.interactive && !hasModelEvidence(run, result)) {
    return {
      outcome: "failed",
      origin: "harness",
      reason: `No model was asked, so nothing was done, although the harness reports success. It says: ${outcome.message}`,
      hint: "A hook or a command answered in the model's place. Look at the hooks of the workspace's settings, and at the prompt's first word.",
    };
  }
  if (outcome.ok && answerProblem !== undefined) {
    return {
      outcome: "failed",
      origin: "harness",
      reason: answerProblem,
      hint: "Say in the prompt what each part of the answer should be.",
    };
  }
  if (outcome.ok) return { outcome: "succeeded", reason: outcome.message };
  const facts = { reason: outcome.message, ...adviceOf(outcome) };
  if (outcome.reason === "max-budget") return { outcome: "budget-exceeded", ...facts };
  // Some programs do not say how the API answered, or take every refusal for a login that is missing; the gateway has seen it.
  const isRejected = run.monitor.isKeyRejected ?? result?.apiStatus === 401;
  const isOfApi = outcome.reason === "api-error" || outcome.reason === "error" || outcome.reason === "no-result";
  if (!isRejected || !isOfApi) return { outcome: "failed", origin: "harness", ...facts };
  return { outcome: "failed", origin: "preflight", ...adviceOf({ hint: apiHint(401) }), ...facts };
}

/** The result is on the disk before the last event announces it. A superseded process writes neither. */
function publish({ runDirectory, journal, lock, monitor, reporter }: RunContext, result: RunResult): void {
  if (!lock.isCurrent()) return;
  monitor.flush();
  reporter.enter("ended");
  const { outcome, reason, exitCode, cleanup } = result;
  try {
    writeResult(runDirectory, result);
    journal.end({ type: "run.end", outcome, reason, exitCode, cleanup });
  } catch (error) {
    // The caller still gets the result; on a full disk the journal ends without its last line.
    reporter.warn("journal", asSandboxError(error).message);
  }
}
