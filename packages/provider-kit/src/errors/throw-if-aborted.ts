import { SandboxAbortedError } from "@glovebox/core/provider";
import type { ProviderIdentity } from "../provider-identity.ts";

/** Throws `aborted` where the signal has fired. `operation` completes "Aborted while …": `starting the container`. */
export function throwIfAborted(provider: ProviderIdentity, operation: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedError(provider, operation, signal);
}

/** The error of a call whose signal fired. */
export function abortedError(
  provider: Pick<ProviderIdentity, "id">,
  operation: string,
  signal: AbortSignal | undefined,
): SandboxAbortedError {
  return new SandboxAbortedError(`Aborted while ${operation}`, { providerId: provider.id, cause: signal?.reason });
}
