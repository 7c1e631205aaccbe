import type { Cleanup, RunOutcome } from "../events/run-event.ts";
import { asSandboxError, type Execution } from "./execution.ts";
import { exitCodeOf, type FailureOrigin } from "./exit-code.ts";
import { writeResult } from "./run-record.ts";
import type { RunResult } from "./run-result.ts";
import type { HarnessVerdict } from "./stages/harness-stage.ts";

interface Conclusion {
  readonly outcome: RunOutcome;
  readonly reason: string;
  readonly hint?: string;
  readonly origin?: FailureOrigin;
}

/** Decides a run's outcome, writes its result, and publishes its last event. */
export function concludeRun(
  execution: Execution,
  facts: { readonly cleanup: Cleanup; readonly verdict?: HarnessVerdict },
): RunResult {
  const { spec, options } = execution;
  const conclusion = conclude(execution, facts.verdict);
  const complete = execution.collectError === undefined && isWhole(execution.files);
  const exitCode = exitCodeOf({ ...conclusion, cleanup: facts.cleanup, complete });
  const said = facts.verdict?.result;
  const result: RunResult = {
    v: 1,
    runId: execution.runId,
    outcome: conclusion.outcome,
    reason: options.redactor.text(conclusion.reason),
    hint: conclusion.hint,
    exitCode,
    cleanup: facts.cleanup,
    providerId: spec.provider.id,
    sandboxId: execution.sandbox?.id,
    harnessId: spec.harness.id,
    sessionId: said?.sessionId,
    startedAt: options.startedAt.toISOString(),
    durationMs: Date.now() - options.startedAt.getTime(),
    message: said === undefined ? undefined : options.redactor.text(said.message),
    turns: said?.turns,
    maxCostUsd: spec.maxCostUsd,
    costUsd: execution.spending.costUsd(said?.costUsd),
    tokens: execution.spending.tokens,
    files: execution.files,
  };
  publish(execution, result);
  return result;
}

function isWhole(files: RunResult["files"]): boolean {
  return files === undefined || (files.complete && !files.skipped.some((entry) => entry.pastLimit));
}

function conclude(execution: Execution, verdict: HarnessVerdict | undefined): Conclusion {
  const { stopSwitch, failure } = execution;
  const stop = stopSwitch.reason;
  if (stopSwitch.aborted.aborted)
    return { outcome: "cancelled", reason: "Cancelled at once: what was not collected is lost" };
  if (stop?.kind === "failed") {
    return { outcome: "failed", origin: "sandbox", reason: stop.error.message, ...hintOf(stop.error.hint) };
  }
  if (stop !== undefined && stop.kind !== "budget-spent" && !verdict?.endedByItself) {
    return stop.kind === "timed-out"
      ? { outcome: "timed-out", reason: stop.message, hint: "More time with --timeout or --idle-timeout." }
      : { outcome: "cancelled", reason: "Cancelled" };
  }
  if (execution.isBudgetSpent) return budgetExceeded(execution);
  if (verdict === undefined) {
    return { outcome: "failed", origin: "sandbox", reason: "The run did not start", ...failure };
  }
  return judge(verdict);
}

/** Also where the harness ended well in the same breath: not everything that it asked for was given. */
function budgetExceeded({ spec, spending }: Execution): Conclusion {
  const spent = spending.meteredUsd;
  const limit = `$${spec.maxCostUsd}`;
  const reason =
    spent >= (spec.maxCostUsd ?? 0)
      ? `The limit of ${limit} for this run is spent: its models cost $${spent.toFixed(4)}`
      : `The limit of ${limit} for this run is reached: its models cost $${spent.toFixed(4)}, and what came next would have passed it`;
  return { outcome: "budget-exceeded", reason, hint: "Allow more with --max-cost." };
}

function judge({ outcome, result }: HarnessVerdict): Conclusion {
  if (outcome.ok) return { outcome: "succeeded", reason: outcome.message };
  const facts = { reason: outcome.message, ...hintOf(outcome.hint) };
  if (outcome.reason === "max-budget") return { outcome: "budget-exceeded", ...facts };
  return { outcome: "failed", origin: result?.apiStatus === 401 ? "preflight" : "harness", ...facts };
}

function hintOf(hint: string | undefined): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}

/** The result is on the disk before the last event says that it is. A superseded process writes neither. */
function publish(execution: Execution, result: RunResult): void {
  const { options } = execution;
  if (!options.lock.isCurrent()) return;
  execution.enter("ended");
  const { outcome, reason, exitCode, cleanup } = result;
  try {
    writeResult(options.runDir, result);
    options.journal.end({ type: "run.end", outcome, reason, exitCode, cleanup });
  } catch (error) {
    // The caller still gets the result; on a full disk the journal ends without its last line.
    execution.warn("journal", asSandboxError(error).message);
  }
}
