import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "../../errors/index.ts";

export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly onRetry: (error: SandboxError, delayMs: number, attempt: number) => void;
  /** Attempts in all. Default: 4. */
  readonly attempts?: number;
}

const firstDelayMs = 500;
const longestDelayMs = 30_000;

/**
 * Runs a call again, with growing, jittered pauses, as long as its error says that it is worth it, or its connection broke.
 * For calls that may be repeated: those that change nothing, end in the same state, or carry an idempotency key.
 */
export async function retry<T>(call: () => Promise<T>, options: RetryOptions): Promise<T> {
  const attempts = options.attempts ?? 4;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!SandboxError.isInstance(error) || attempt >= attempts || options.signal.aborted) throw error;
      if (!error.retryable && error.code !== "lost") throw error;
      const backoff = Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs) * (0.5 + Math.random());
      const delayMs = Math.round(Math.max(backoff, error.retryAfterMs ?? 0));
      options.onRetry(error, delayMs, attempt);
      await sleep(delayMs, undefined, { signal: options.signal }).catch(() => {
        throw error;
      });
    }
  }
}
