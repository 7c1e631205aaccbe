import type { RunInput } from "./run-input.ts";

/** The forks of a run: their prompts, and whatever else differs from the defaults of a run. */
export interface ForkInput extends Omit<RunInput, "prompt" | "continues" | "fork" | "outputDirectory"> {
  /** What the agents should do next: one prompt for all forks, or several, each for forks of its own. */
  readonly prompt: string | readonly string[];
  /** How many forks each prompt gets. By default 1 where there are several prompts, otherwise 2. */
  readonly count?: number;
  /** Where the files of each fork go, by its run id. Default: `sandbox-<run id>`, relative to the current directory. */
  readonly outputDirectory?: (runId: string) => string;
}
