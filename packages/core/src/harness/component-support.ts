import type { ComponentNames, ComponentSet } from "./component-set.ts";
import type { HarnessCommand, HarnessLine, HarnessTask } from "./harness.ts";
import type { PermissionQuestion } from "./permission-question.ts";

/** What a harness that is being started can reach. */
export interface HarnessDialogue {
  /** Everything that the harness prints. For one reader. */
  readonly lines: AsyncIterable<HarnessLine>;
  /** Writes to its standard input. */
  write(text: string): Promise<void>;
  /** Ends its standard input. */
  closeInput(): Promise<void>;
  /** Says something to the user that matters before the prompt is sent. */
  warn(code: string, message: string): void;
  /** Runs another program in the sandbox and gives what it printed on standard output, at most 64 KiB of it. */
  run(argv: readonly [string, ...string[]]): Promise<string>;
  /** Hosts that the sandbox asked for so far and did not reach, as `host:port`, where that is known. */
  refusedHosts?(): readonly string[];
  /** Aborted when the run asks the harness to stop, for one that is asked in its conversation and not by a signal. */
  readonly stopping?: AbortSignal;
  /**
   * Asks the user whether the agent may do something, which can take as long as the run may. Resolves to false once the run
   * stops. There for a task with `asksPermission`.
   */
  permit?(question: PermissionQuestion): Promise<boolean>;
}

/**
 * How a harness is started that answers questions before it has a prompt: it proves what it loaded, then gets the prompt. It
 * is started so in every run, also in one without components.
 */
export interface ComponentSupport {
  /**
   * The command without the prompt: `stdin` is empty, and standard input stays open. `plugins` are directories of whole plugins,
   * relative to the workspace.
   */
  command(task: HarnessTask, components: Pick<ComponentSet, "expected" | "plugins">): HarnessCommand;
  /**
   * Asks the harness what it has loaded, sends the prompt once all of `expected` is there, and passes on every line that
   * is not an answer to its own questions. Throws `component` with the prompt unsent when something is missing, with the
   * reason of each.
   */
  start(dialogue: HarnessDialogue, task: HarnessTask, expected: ComponentNames): AsyncIterable<HarnessLine>;
}
