import type { RunAllOptions } from "./run-all-options.ts";

/** How `fork` runs. Every option may be left out. */
export interface ForkOptions extends Omit<RunAllOptions, "concurrency"> {
  /** How many forks may be under way at the same time. 8 by default. */
  readonly concurrency?: number;
  /** Receives what happens before the first fork starts, and why a run's sandbox is not used. */
  readonly onProgress?: (message: string) => void;
}
