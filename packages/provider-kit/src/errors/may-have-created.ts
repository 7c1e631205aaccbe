import { dropUndefined, SandboxError } from "@glovebox/core/provider";

/** The same error, which also says that a sandbox may exist although `create` failed. */
export function mayHaveCreated(error: SandboxError, hint?: string): SandboxError {
  const { code, message, providerId, retryable, remedy, retryAfterMs } = error;
  return new SandboxError(
    code,
    message,
    dropUndefined({
      providerId,
      retryable,
      remedy,
      retryAfterMs,
      mayHaveCreated: true,
      hint: hint ?? error.hint ?? "`glovebox reap` removes what is left of it.",
      cause: error,
    }),
  );
}
