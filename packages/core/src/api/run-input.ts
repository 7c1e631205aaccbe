import type { RunSpec } from "../run/run-spec.ts";

/** A run with everything but the prompt, the provider and the harness left to its defaults. */
export interface RunInput extends Omit<RunSpec, "task" | "credential" | "outputDirectory" | "home"> {
  /** What the agent should do. */
  readonly prompt: string;
  /** More about the task: the model, the maximum number of turns, the allowed tools. */
  readonly task?: Omit<RunSpec["task"], "prompt">;
  /**
   * The credential for the model. By default the first of the harness's variables that is set in the environment, for
   * example `ANTHROPIC_API_KEY`. It stays on the host.
   */
  readonly credential?: RunSpec["credential"];
  /** Where the files go, relative to the current directory. `sandbox-<run id>` by default. */
  readonly outputDirectory?: string;
  /** The state directory: journals, the owner's id. `$GLOVEBOX_HOME` or `~/.glovebox` by default. */
  readonly home?: string;
}
