import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";

/** Waits for a condition, for at most 30 seconds by default. */
export async function until(condition: () => Promise<boolean>, what: string, timeoutMs = 30_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, `Not within ${timeoutMs / 1000} s: ${what}`);
    await delay(50);
  }
}
