import { setTimeout as delay } from "node:timers/promises";
import { SandboxAbortedError, SandboxError } from "@glovebox/core/provider";

const attempts = 4;
const firstPauseMs = 200;
const longestWaitMs = 10_000;

export interface RetryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with what an attempt failed with, before the next. */
  readonly onFailure?: (error: SandboxError) => void;
}

/**
 * Makes a call again that did not come through, for calls that do the same when they are made twice. Pauses grow, and differ
 * from caller to caller; a wish of the Worker's is kept where it is short.
 */
export async function retry<T>(call: () => Promise<T>, { signal, onFailure }: RetryOptions = {}): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!SandboxError.isInstance(error)) throw error;
      onFailure?.(error);
      const waitMs = Math.max(error.retryAfterMs ?? 0, firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random()));
      const isWorthIt = (error.retryable && error.code !== "timeout") || error.code === "lost";
      if (!isWorthIt || attempt === attempts || waitMs > longestWaitMs) throw error;
      await pause(waitMs, signal);
    }
  }
}

async function pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(waitMs, undefined, { ...(signal && { signal }) });
  } catch (cause) {
    throw new SandboxAbortedError("Aborted while waiting to ask the Cloudflare Worker again", {
      providerId: "cloudflare",
      cause,
    });
  }
}
