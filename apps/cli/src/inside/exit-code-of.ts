import { constants } from "node:os";
import { type ProcessExit, SandboxLostError } from "@glovebox/core/provider";

/** The exit code of a process in a sandbox as a shell reports it: that of a signal is 128 and the signal's number. */
export function exitCodeOf({ exitCode, signal, reason }: ProcessExit): number {
  if (reason === "lost") throw new SandboxLostError("The connection broke before the end of the command was known");
  if (exitCode !== null) return exitCode;
  return 128 + (constants.signals[signal as NodeJS.Signals] ?? constants.signals.SIGKILL);
}
