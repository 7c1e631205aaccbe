import { dropUndefined, SandboxError, SandboxQuotaError, SandboxUnavailableError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { ProviderIdentity } from "../provider-identity.ts";
import { abortedError } from "./throw-if-aborted.ts";

export interface FailureContext {
  readonly provider: ProviderIdentity;
  /** Completes "… failed while …": `starting the container`. */
  readonly operation: string;
  readonly signal?: AbortSignal | undefined;
  /** The provider's own mapping of what its vendor throws; `undefined` leaves it to the kit. */
  readonly mapError?: ((error: unknown, operation: string) => SandboxError | undefined) | undefined;
}

/**
 * Makes a `SandboxError` of whatever an operation threw: as it is when it is one, `aborted` when the signal fired, as the
 * provider maps it, else `unavailable`.
 */
export function mapFailure(error: unknown, { provider, operation, signal, mapError }: FailureContext): SandboxError {
  if (SandboxError.isInstance(error)) return error.providerId === undefined ? ofProvider(error, provider) : error;
  if (signal?.aborted) return abortedError(provider, operation, signal);
  const mapped = mapError?.(error, operation);
  if (mapped !== undefined) return mapped;
  const reason = safeLine(error instanceof Error ? error.message : String(error));
  const message = `${provider.name} failed while ${operation}: ${reason}`;
  const options = { providerId: provider.id, cause: error };
  const { code = "" } = (error ?? {}) as { readonly code?: unknown };
  return usedUp.has(code) ? new SandboxQuotaError(message, options) : new SandboxUnavailableError(message, options);
}

/** What this host says when it has no more of something. */
const usedUp: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EMFILE", "ENFILE", "EAGAIN", "ENOMEM"]);

/** The same error, of a helper that does not know whom it works for. */
function ofProvider(error: SandboxError, provider: ProviderIdentity): SandboxError {
  const { code, message, retryable, mayHaveCreated, hint, remedy, retryAfterMs } = error;
  const options = { providerId: provider.id, retryable, mayHaveCreated, hint, remedy, retryAfterMs, cause: error };
  return new SandboxError(code, message, dropUndefined(options));
}
