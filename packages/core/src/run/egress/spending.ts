import type { HarnessEvent } from "../../events/harness-event.ts";
import type { Spend } from "../../provider/spend.ts";
import type { RunResult } from "../run-result.ts";

type Usage = Extract<HarnessEvent, { type: "usage" }>;

/** Adds up what a run used, sub-agents included: as the gateway read it where it can, and else as the harness says. */
export class Spending {
  #source: Usage["source"] = "harness";
  #tokens: RunResult["tokens"];
  #costUsd = 0;
  #isPriced = true;

  /** From here on the gateway is believed, and what the harness reports about itself is not. */
  meter(): void {
    this.#source = "gateway";
  }

  get isMetered(): boolean {
    return this.#source === "gateway";
  }

  add(usage: Usage): void {
    if (usage.source !== this.#source) return;
    const total = this.#tokens ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
    this.#tokens = {
      input: total.input + usage.input,
      output: total.output + usage.output,
      cacheRead: total.cacheRead + usage.cacheRead,
      cacheWrite: total.cacheWrite + usage.cacheWrite,
    };
    this.#costUsd += usage.costUsd ?? 0;
    this.#isPriced &&= usage.costUsd !== undefined;
  }

  /** Absent when nothing was reported. */
  get tokens(): RunResult["tokens"] {
    return this.#tokens;
  }

  /** What the gateway has seen spent so far, as budgets count it; of a model without a price, no dollars. */
  get metered(): Spend {
    if (this.#source !== "gateway") return { usd: 0, tokens: 0 };
    const { input = 0, output = 0, cacheWrite = 0 } = this.#tokens ?? {};
    return { usd: this.#costUsd, tokens: input + output + cacheWrite };
  }

  /** In US dollars. Absent when nobody knows: a model without a price makes the whole unknown. */
  costUsd(saidByHarness: number | undefined): number | undefined {
    if (this.#source === "harness") return saidByHarness;
    return this.#tokens !== undefined && this.#isPriced ? this.#costUsd : undefined;
  }
}
