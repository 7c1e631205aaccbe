import { describe, expect, it } from "vitest";
import { createClaudeCode } from "../claude-code.ts";
import { claudePrices } from "./claude-prices.ts";

describe("the price list", () => {
  it("prices nothing twice, and is the endpoint's", () => {
    const keys = claudePrices.models.map(({ modelPrefix, speed, aboveInputTokens }) =>
      JSON.stringify([modelPrefix, speed, aboveInputTokens]),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(claudePrices.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(createClaudeCode().endpoints).toEqual([
      expect.objectContaining({ api: "anthropic-messages", prices: claudePrices }),
    ]);
  });

  it("asks of each what the list does", () => {
    const rows = claudePrices.models.filter(({ modelPrefix }) => modelPrefix === "claude-haiku-5-5");
    expect(rows).toEqual([
      {
        modelPrefix: "claude-haiku-5-5",
        inputUsd: 0.1,
        outputUsd: 0.5,
        cacheReadUsd: 0.01,
        cacheWriteUsd: 0.125,
        cacheWriteHourUsd: 0.2,
        webSearchUsd: 0.01,
      },
      expect.objectContaining({ aboveInputTokens: 100_000, inputUsd: 0.5, outputUsd: 2.5, cacheWriteUsd: 0.625 }),
    ]);
    for (const price of claudePrices.models) {
      expect(price.outputUsd, price.modelPrefix).toBeCloseTo(5 * price.inputUsd, 9);
      expect(price.cacheReadUsd, price.modelPrefix).toBeLessThanOrEqual(0.1 * price.inputUsd + 1e-9);
    }
  });
});
