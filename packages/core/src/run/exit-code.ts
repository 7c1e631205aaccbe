import type { Cleanup, RunOutcome } from "../events/run-event.ts";

/** Where a failed run failed; decides its exit code. */
export type FailureOrigin = "usage" | "preflight" | "sandbox" | "harness";

export interface ExitFacts {
  readonly outcome: RunOutcome;
  readonly origin?: FailureOrigin;
  readonly cleanup: Cleanup;
  /** Whether everything in the workspace that was to come back did. */
  readonly complete: boolean;
}

/** The run's exit code: the first that applies of 3, 130, 124, 6, 4, 1, 5, 0. 2 comes before them, for options that contradict each other. */
export function exitCodeOf(facts: ExitFacts): number {
  if (facts.outcome === "failed" && facts.origin === "usage") return 2;
  if (facts.outcome === "failed" && facts.origin === "preflight") return 3;
  if (facts.outcome === "cancelled") return 130;
  if (facts.outcome === "timed-out") return 124;
  if (facts.outcome === "budget-exceeded") return 6;
  if (facts.outcome === "failed") return facts.origin === "harness" ? 1 : 4;
  if (!facts.complete || facts.cleanup.state === "left") return 5;
  return 0;
}
