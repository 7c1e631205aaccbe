import { setTimeout as sleep } from "node:timers/promises";
import { isOutage } from "@glovebox/store";

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
