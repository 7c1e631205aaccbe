import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "@glovebox/core";

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Writes to the database, however long it is away: the run continues meanwhile, and its journal has everything. Rejects once the
 * signal is aborted, with `aborted` if another worker has the run, and with an error that no repetition would change.
 */
export async function persist<T>(write: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await write();
    } catch (error) {
      if (signal.aborted || !isOutage(error)) throw error;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

/** SQLSTATE: what the database refuses has another class than its absence, its shutdown or a conflict. */
function isOutage(error: unknown): boolean {
  if (SandboxError.isInstance(error)) return error.retryable;
  const { code } = error as { readonly code?: unknown };
  return typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code) || /^(08|40|53|55|57|58)/.test(code);
}
