import type { BatchFormat } from "@glovebox/batch";
import type { RunOptions } from "../config/run-options.ts";

/** What the command line says about how the rows of a batch are run. */
export interface BatchLimits {
  readonly concurrency?: BatchConcurrency;
  /** How often a row may be retried. */
  readonly retryFailed?: number;
  /** For the whole batch, in US dollars. */
  readonly maxCost?: number;
  /** For the whole batch. */
  readonly maxTokens?: number;
  readonly strictBudget?: boolean;
}

/** How many rows run at the same time, in all and by provider. */
export interface BatchConcurrency {
  readonly total?: number;
  readonly providers: Readonly<Record<string, number>>;
}

/** Options of `glovebox batch FILE` beside those of `run`. */
export interface BatchOptions extends BatchLimits {
  readonly format?: BatchFormat;
  readonly promptDir?: string;
  readonly matrix?: readonly string[];
  readonly repeat?: number;
  readonly verify?: string;
  readonly maxCostPerRow?: number;
  readonly failFast?: boolean;
  readonly trustFile?: boolean;
  readonly detach?: boolean;
  readonly dryRun?: boolean;
  readonly output?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly yes?: boolean;
  readonly noInput?: boolean;
}

/** The command line of `glovebox batch FILE`. */
export interface BatchInput {
  readonly file: string | undefined;
  readonly options: BatchOptions;
  /** Options of `run` that hold for every row, whatever the rows say. */
  readonly flags: RunOptions;
  /** The same from `GLOVEBOX_…` variables: a row has priority over them. */
  readonly variables: RunOptions;
  readonly extraArgs: readonly string[];
}
