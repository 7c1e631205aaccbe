import type { RunResult } from "@glovebox/core";
import type { HostRule, Resources, SandboxProvider, TemplateBase, TemplateLayer } from "@glovebox/core/provider";

/** How `verifyRun` verifies a run. */
export interface VerifyOptions {
  readonly result: RunResult;
  /** The run's directory in the state directory. */
  readonly runDirectory: string;
  /** A command line for the shell, which runs in `/workspace`: `npm test`. Exit code 0 is a success. */
  readonly command: string;
  /** Where the fresh sandbox is created. */
  readonly provider: SandboxProvider;
  /** What it starts from: what the run's own sandbox started from. */
  readonly base?: TemplateBase | undefined;
  readonly layers?: readonly TemplateLayer[];
  readonly resources?: Resources | undefined;
  /** Files to take from the project, or with `!` to leave to the agent, beside the default ones; gitignore syntax. */
  readonly protect?: readonly string[];
  /** A regular expression that the output has to match. For test programs whose reports Glovebox does not know. */
  readonly expect?: string | undefined;
  /** Hosts that the command may reach. None by default. */
  readonly allow?: readonly HostRule[];
  /** Limits the command, in milliseconds. 10 minutes by default. A command that takes longer has failed. */
  readonly timeoutMs?: number | undefined;
  /** The state directory. It keeps what the command does with the project as it was before the run. */
  readonly home: string;
  /** Aborting it ends the verification; `verifyRun` rejects with an `aborted` error. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (message: string) => void;
}
