import type { RunEvent, RunResult } from "@glovebox/core";

/** What a run's events say about why it failed. */
export class FailureEvidence {
  #apiStatus: number | undefined;
  #isApiError = false;
  #errorCode: string | undefined;

  add(event: RunEvent): void {
    if (event.type === "error") this.#errorCode = event.code;
    if (event.type !== "harness.result") return;
    this.#isApiError = event.reason === "api-error";
    this.#apiStatus = event.apiStatus;
  }

  /**
   * Whether the same run may succeed when it is started again: the model's API failed for a while (408, 409, 429, 5xx, no
   * answer), or the sandbox or its provider failed, but not because of what was requested of it.
   */
  isTransient({ outcome, exitCode }: RunResult): boolean {
    if (outcome !== "failed") return false;
    if (exitCode === 3) return this.#errorCode === "unavailable";
    if (exitCode === 4) return this.#errorCode === undefined || !permanentCodes.has(this.#errorCode);
    if (!this.#isApiError) return false;
    return this.#apiStatus === undefined || [408, 409, 429].includes(this.#apiStatus) || this.#apiStatus >= 500;
  }
}

const permanentCodes: ReadonlySet<string> = new Set([
  "authentication",
  "capability-unsupported",
  "component",
  "invalid-options",
  "not-found",
  "quota",
]);

const firstDelayMs = 2000;
const longestDelayMs = 60_000;

/** How long a row waits before its attempt after `failures` of them, in milliseconds: twice as long each time, less up to a half. */
export function retryDelayMs(failures: number, random: () => number = Math.random): number {
  const whole = Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 1));
  return Math.round(whole * (1 - random() / 2));
}
