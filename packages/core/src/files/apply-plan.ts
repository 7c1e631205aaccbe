import type { SkippedEntry } from "../run/run-result.ts";
import type { ApplyPlan } from "./plan-apply.ts";

export interface ApplyPlanOptions {
  /** Writes over what has changed since the run began. False unless given. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
}

export interface ApplyReport {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
  /** Left alone because the target has changed since. */
  readonly conflicts: readonly SkippedEntry[];
  readonly refused: readonly SkippedEntry[];
  /** What went wrong on the way, entry by entry. */
  readonly failed: readonly SkippedEntry[];
  /** Where the agent's commits are in the target's repository. Never checked out. */
  readonly commits: readonly { readonly ref: string; readonly commit: string }[];
}

/** Does what the plan says, each file in one step. Doing it again changes nothing. */
export async function applyPlan(plan: ApplyPlan, options: ApplyPlanOptions = {}): Promise<ApplyReport> {
  throw new Error(`not there yet: ${plan.target} ${options.force}`);
}
