import type { SandboxFiles } from "../provider/sandbox-files.ts";
import type { HarnessCommand, HarnessTask } from "./harness.ts";

/** The program that a harness starts in a terminal of the sandbox. */
export interface InteractiveCommand extends Omit<HarnessCommand, "stdin"> {
  /** The conversation's id, where it is known before the program has said anything. */
  readonly sessionId?: string;
}

/** How a harness is started for a user at a terminal. */
export interface InteractiveSupport {
  /**
   * The task's prompt may be empty: then the user types the first one. Else it is the program's argument, of at most 128 KiB.
   * `plugins`: directories of plugins to load, relative to the workspace. Throws `invalid-options` for what the program cannot do at a terminal.
   */
  command(task: HarnessTask, plugins: readonly string[]): InteractiveCommand;
  /** Writes into the sandbox, as its user, what keeps the program from asking questions of its own before the first prompt. */
  prepare(files: SandboxFiles, task: HarnessTask): Promise<void>;
  /** The id of the conversation that was used last; `undefined` where there is none. What is read is not to be trusted. */
  lastSession?(files: SandboxFiles): Promise<string | undefined>;
}
