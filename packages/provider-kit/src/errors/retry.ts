import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, SandboxError } from "@glovebox/core/provider";
import type { ProviderIdentity } from "../provider-identity.ts";
import { abortedError } from "./throw-if-aborted.ts";

const maxWaitMs = 10_000;

/** How often a call to a vendor is retried. */
export interface RetryOptions {
  readonly provider: Pick<ProviderIdentity, "id">;
  /** Completes "Aborted while …": `connecting to the sandbox`. */
  readonly operation: string;
  /** How often to try in all. */
  readonly attempts: number;
  /** The pause after the first attempt. It doubles each time, and varies so that callers do not retry in step. */
  readonly pauseMs: number;
  readonly shouldRetry: (error: SandboxError) => boolean;
  /** Called with the error of each failed attempt. */
  readonly onFailure?: (error: SandboxError) => void;
  readonly signal?: CallOptions["signal"] | undefined;
}

/**
 * Repeats a call that is safe to repeat until it succeeds. Waits as long as the vendor asks for, and throws the last error
 * if that is longer than 10 seconds.
 */
export async function retry<T>(call: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { provider, operation, attempts, pauseMs, shouldRetry, onFailure, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      onFailure?.(error);
      const waitMs = Math.max(error.retryAfterMs ?? 0, pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random()));
      if (!shouldRetry(error) || attempt === attempts || waitMs > maxWaitMs) throw error;
      await delay(waitMs, undefined, signal === undefined ? {} : { signal }).catch(() => {
        throw abortedError(provider, operation, signal);
      });
    }
  }
}
