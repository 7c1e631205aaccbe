import { describe, expect, it } from "vitest";
import { expectedSpend } from "./expected-spend.ts";
import { InputRates } from "./input-rates.ts";
import type { ModelRequest } from "./model-request.ts";

const price = { modelPrefix: "tiny", inputUsd: 1, outputUsd: 10, cacheReadUsd: 0.1, cacheWriteUsd: 1 };
const request: ModelRequest = {
  ...{ model: "tiny", speed: undefined, isStreamed: true, maxTokens: 100_000, answers: 1 },
  ...{ weight: 400, mostInputTokens: 1000, isGrowing: false, surcharge: undefined, unmetered: undefined },
};
const spendOf = (isStreamed: boolean, bound: { isOwn: boolean; countsAtEnd: boolean }) =>
  expectedSpend(
    { ...request, isStreamed },
    { prices: { expected: price, longest: price }, rates: new InputRates(), bound },
  );

describe("the most that a request may use beside others", () => {
  it("has all that the model writes where nothing counts it before the end", () => {
    for (const isStreamed of [true, false]) {
      const { expected, most } = spendOf(isStreamed, { isOwn: false, countsAtEnd: true });
      expect(most.usd).toBeCloseTo(1.001);
      expect(expected.usd).toBeLessThan(0.01);
    }
  });

  it("has the input alone where a stream is counted while it passes, and can be cut", () => {
    expect(spendOf(true, { isOwn: true, countsAtEnd: false }).most.usd).toBeCloseTo(0.001);
  });

  it("expects what a request asks for in one piece", () => {
    expect(spendOf(false, { isOwn: true, countsAtEnd: true }).expected.usd).toBeGreaterThan(1);
  });
});
