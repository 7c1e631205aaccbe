import { describe, expect, it } from "vitest";
import {
  anthropicEndpoint,
  anthropicPrices,
  geminiEndpoint,
  geminiPrices,
  openaiChatEndpoint,
  openaiPrices,
  openaiResponsesEndpoint,
} from "../index.ts";

const lists = { anthropicPrices, geminiPrices, openaiPrices };

describe.each(Object.entries(lists))("%s", (_, prices) => {
  it("prices nothing twice, and has the day in asOf", () => {
    const keys = prices.models.map(({ modelPrefix, speed, aboveInputTokens }) =>
      JSON.stringify([modelPrefix, speed, aboveInputTokens]),
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(prices.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("asks more for output than for input, and never more for what is cached", () => {
    for (const price of prices.models) {
      expect(price.outputUsd, price.modelPrefix).toBeGreaterThan(price.inputUsd);
      expect(price.cacheReadUsd, price.modelPrefix).toBeLessThanOrEqual(price.inputUsd);
      expect(price.cacheWriteUsd, price.modelPrefix).toBeGreaterThanOrEqual(price.inputUsd);
    }
  });
});

it("is part of each endpoint", () => {
  expect(anthropicEndpoint.prices).toBe(anthropicPrices);
  expect(openaiResponsesEndpoint.prices).toBe(openaiPrices);
  expect(openaiChatEndpoint.prices).toBe(openaiPrices);
  expect(geminiEndpoint.prices).toBe(geminiPrices);
});

it("asks for Anthropic's models what its list does", () => {
  const rows = anthropicPrices.models.filter(({ modelPrefix }) => modelPrefix === "claude-haiku-5-5");
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
  for (const price of anthropicPrices.models) {
    expect(price.outputUsd, price.modelPrefix).toBeCloseTo(5 * price.inputUsd, 9);
    expect(price.cacheReadUsd, price.modelPrefix).toBeLessThanOrEqual(0.1 * price.inputUsd + 1e-9);
  }
});

it("asks for OpenAI's models what its list does, long and fast", () => {
  const rows = openaiPrices.models.filter(({ modelPrefix }) => modelPrefix === "gpt-6.2-sol");
  const price = (speed: string | undefined, above: number | undefined) =>
    rows.find((row) => row.speed === speed && row.aboveInputTokens === above);
  expect(price(undefined, undefined)).toMatchObject({
    inputUsd: 2,
    outputUsd: 10,
    cacheReadUsd: 0.1,
    cacheWriteUsd: 2.5,
  });
  expect(price(undefined, 272_000)).toMatchObject({ inputUsd: 4, outputUsd: 15, cacheReadUsd: 0.2, cacheWriteUsd: 5 });
  expect(price("fast", undefined)).toMatchObject({ inputUsd: 4, outputUsd: 20, cacheReadUsd: 0.2 });
});
