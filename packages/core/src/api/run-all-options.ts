import type { CostBudget } from "../provider/cost-budget.ts";
import type { Run } from "../run/run-handle.ts";

/** How `runAll` runs. Every option may be left out. */
export interface RunAllOptions {
  /** How many runs may be under way at the same time. 4 by default. */
  readonly concurrency?: number;
  /** What all runs may cost together: `budget({ usd })`. It may be shared with other calls. No common limit by default. */
  readonly budget?: CostBudget;
  /** Aborting it cancels the runs under way, which still bring their files back, and starts no further ones. */
  readonly signal?: AbortSignal;
  /** Receives each run as it starts, with the index of its spec: to follow its events, or to cancel it. */
  readonly onRun?: (run: Run, index: number) => void;
}
