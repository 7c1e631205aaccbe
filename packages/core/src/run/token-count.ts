import type { HarnessEvent } from "../events/harness-event.ts";
import type { RunResult } from "./run-result.ts";

type Usage = Extract<HarnessEvent, { type: "usage" }>;

/** Adds up what a run used, sub-agents included. */
export class TokenCount {
  #total: RunResult["tokens"];

  add(usage: Usage): void {
    const total = this.#total ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    this.#total = {
      input: total.input + usage.input,
      output: total.output + usage.output,
      cacheRead: total.cacheRead + usage.cacheRead,
      cacheWrite: total.cacheWrite + usage.cacheWrite,
    };
  }

  /** Absent when nothing was reported. */
  get total(): RunResult["tokens"] {
    return this.#total;
  }
}
