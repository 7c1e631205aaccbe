import { SandboxTimeoutError } from "@glovebox/core/provider";
import type { ProviderIdentity } from "../provider-identity.ts";
import { abortedError, throwIfAborted } from "./throw-if-aborted.ts";

/** How long a call to a vendor may take, and how its errors read. */
export interface DeadlineOptions {
  readonly provider: ProviderIdentity;
  /** Completes "Aborted while …": `starting the container`. */
  readonly operation: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Whether the error of a time-out is `retryable`. Default: false. */
  readonly retryable?: boolean;
}

/**
 * Runs one operation with a time limit of its own. Rejects with `timeout`, `aborted`, or what the operation rejects with;
 * settles then whether the operation does or not. The signal that the operation gets fires when its result is not needed.
 */
export async function withDeadline<T>(options: DeadlineOptions, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { provider, operation, timeoutMs, signal, retryable = false } = options;
  throwIfAborted(provider, operation, signal);
  const cancel = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `${provider.name} took longer than ${timeoutMs / 1000} s while ${operation}`;
      reject(new SandboxTimeoutError(message, { providerId: provider.id, retryable }));
    }, timeoutMs);
    onAbort = () => reject(abortedError(provider, operation, signal));
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([run(cancel.signal), ended]);
  } catch (error) {
    cancel.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener("abort", onAbort);
  }
}
