import { InvalidOptionsError, SandboxError, SandboxQuotaError } from "../errors/index.ts";

/** What is wrong with a state directory, in one line, of an error that came from its file system. */
export function stateDirectoryError(directory: string, cause: unknown): SandboxError {
  if (SandboxError.isInstance(cause)) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SandboxQuotaError(`There is no space left for state in ${directory}`, {
      hint: "Make room there (also for more files: df -i), or set GLOVEBOX_HOME to a directory on another disk.",
      cause,
    });
  }
  return new InvalidOptionsError(`The state directory ${directory} cannot be written (${code ?? message})`, {
    hint: "Set GLOVEBOX_HOME to a directory that you own.",
    cause,
  });
}
