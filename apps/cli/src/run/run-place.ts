import type { AttachRunOptions } from "../inside/attach/attach-run.ts";
import type { CopyRequest } from "../inside/copy-inside.ts";
import type { Runs } from "../runs/runs.ts";
import type { Terminal } from "../terminal.ts";
import type { ForkRunInput } from "./fork-run.ts";
import type { ResumeWords } from "./resume-words.ts";
import type { StartRunInput } from "./start-run.ts";

/** Where runs are carried, and what commands do there. Each resolves to the exit code. */
export interface RunPlace {
  readonly runs: Runs;
  start(input: StartRunInput): Promise<number>;
  resume(words: ResumeWords, input: Omit<StartRunInput, "argument">): Promise<number>;
  fork(input: ForkRunInput): Promise<number>;
  attach(options: AttachRunOptions): Promise<number>;
  copy(request: CopyRequest): Promise<number>;
}

/** This machine, or the server that the command line, the environment or the user's configuration names. */
export async function openRunPlace(terminal: Terminal): Promise<RunPlace> {
  if (terminal.server !== undefined) {
    const { remotePlace } = await import("../remote/remote-place.ts");
    return remotePlace(terminal.server, terminal);
  }
  const { localPlace } = await import("./local-place.ts");
  return localPlace(terminal);
}
