import type { JsonSchema } from "@glovebox/core/harness";
import { dropUndefined, SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";
import type { StartRunInput } from "../run/start-run.ts";
import type { RunAnswers } from "./recorded-answers.ts";

/** What a runner process gets: all that the user typed, read and answered. Travels through a pipe, never in arguments. */
export interface RunnerTask {
  readonly input: Omit<StartRunInput, "terminal">;
  /** The directory that relative paths start from. */
  readonly cwd: string;
  readonly runId: string;
  readonly answers: RunAnswers;
  readonly jsonSchema: JsonSchema | undefined;
}

/** What a runner process reports, once: from `begun` on the run is its own. */
export type RunnerReport =
  | { readonly type: "begun"; readonly runDirectory: string }
  | { readonly type: "failed"; readonly error: ErrorReport };

/** An error as it passes from one process to another. */
export type ErrorReport = Pick<SandboxError, "message" | "providerId" | "retryable" | "hint" | "remedy"> & {
  readonly code: SandboxErrorCode | undefined;
};

/** The parts of an error that its report shows and that decide the exit code. */
export function reportOfError(error: unknown): ErrorReport {
  if (!SandboxError.isInstance(error)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: undefined, message, providerId: undefined, retryable: false, hint: undefined, remedy: undefined };
  }
  const { code, message, providerId, retryable, hint, remedy } = error;
  return { code, message, providerId, retryable, hint, remedy };
}

/** The error that was reported. */
export function errorOfReport({ code, message, ...options }: ErrorReport): Error {
  return code === undefined ? new Error(message) : new SandboxError(code, message, dropUndefined(options));
}
