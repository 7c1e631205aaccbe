import { SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";
import { CommanderError } from "commander";

/** What each exit code means, in the order in which they apply. */
export const exitCodes: readonly (readonly [code: number, meaning: string])[] = [
  [2, "the command line or the configuration is wrong"],
  [3, "a run cannot start: no engine, no credential, or one that was refused"],
  [130, "cancelled"],
  [124, "timed out"],
  [6, "the budget was exceeded"],
  [4, "the sandbox or its provider failed"],
  [1, "the harness failed"],
  [5, "some results are missing, or something could not be cleaned up"],
  [0, "everything worked"],
];

/** The codes as a help text. */
export function exitCodesHelp(): string {
  const lines = exitCodes.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`);
  return `Exit codes, the first that applies:\n${lines.join("\n")}\n`;
}

/** The exit code of several runs together: the first that applies to one of them. */
export function worstExitCode(codes: readonly number[]): number {
  return exitCodes.find(([code]) => codes.includes(code))?.[0] ?? codes[0] ?? 0;
}

const byErrorCode: Partial<Record<SandboxErrorCode, number>> = {
  "invalid-options": 2,
  "not-found": 2,
  authentication: 3,
  "capability-unsupported": 3,
  unavailable: 3,
  aborted: 130,
};

/** The exit code of a command that threw. A run that ended has its own, in its result. */
export function exitCodeForError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (SandboxError.isInstance(error)) return byErrorCode[error.code] ?? 4;
  return 1;
}
