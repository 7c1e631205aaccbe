import type { ModelPrice, ModelPrices } from "@glovebox/core/harness";

type Row = readonly [modelPrefix: string, inputUsd: number, outputUsd: number, cacheReadUsd: number];

/** Ten dollars for a thousand. */
const webSearchUsd = 0.01;

/** By the list, what is written to the cache costs a quarter more than input, and twice as much for an hour. */
function priced(rows: readonly Row[], only: Partial<ModelPrice> = {}): ModelPrice[] {
  return rows.map(([modelPrefix, inputUsd, outputUsd, cacheReadUsd]) => ({
    modelPrefix,
    ...only,
    inputUsd,
    outputUsd,
    cacheReadUsd,
    cacheWriteUsd: inputUsd * 1.25,
    cacheWriteHourUsd: inputUsd * 2,
    webSearchUsd,
  }));
}

/**
 * What Anthropic's list asks for a model, in US dollars per million tokens: data of one day, which a user's own `prices`
 * go before. Surcharges for a region are not in it. Sources: https://platform.claude.com/docs/en/about-claude/pricing,
 * and the price list in the pinned version of Claude Code.
 */
export const anthropicPrices: ModelPrices = {
  asOf: "2026-11-20",
  models: [
    ...priced([
      ["claude-fable-5-2", 8, 40, 0.2],
      ["claude-mythos-5-2", 8, 40, 0.2],
      ["claude-fable-5-1", 10, 50, 0.25],
      ["claude-mythos-5-1", 10, 50, 0.25],
      ["claude-fable-5", 10, 50, 1],
      ["claude-mythos-5", 10, 50, 1],
      ["claude-opus-5-5", 4, 20, 0.2],
      ["claude-opus-5", 5, 25, 0.5],
      ["claude-opus-4-8", 5, 25, 0.5],
      ["claude-opus-4-7", 5, 25, 0.5],
      ["claude-opus-4-6", 5, 25, 0.5],
      ["claude-opus-4-5", 5, 25, 0.5],
      ["claude-opus-4-1", 15, 75, 1.5],
      ["claude-opus-4-0", 15, 75, 1.5],
      ["claude-opus-4-2025", 15, 75, 1.5],
      ["claude-sonnet-5-5", 2, 10, 0.1],
      ["claude-sonnet-5", 2, 10, 0.2],
      ["claude-sonnet-4-6", 3, 15, 0.3],
      ["claude-sonnet-4-5", 3, 15, 0.3],
      ["claude-sonnet-4-0", 3, 15, 0.3],
      ["claude-sonnet-4-2025", 3, 15, 0.3],
      ["claude-3-7-sonnet", 3, 15, 0.3],
      ["claude-3-5-sonnet", 3, 15, 0.3],
      ["claude-haiku-5-5", 0.1, 0.5, 0.01],
      ["claude-haiku-4-5", 1, 5, 0.1],
      ["claude-3-5-haiku", 0.8, 4, 0.08],
    ]),
    ...priced([["claude-haiku-5-5", 0.5, 2.5, 0.05]], { aboveInputTokens: 100_000 }),
    ...priced(
      [
        ["claude-fable-5-2", 16, 80, 0.4],
        ["claude-mythos-5-2", 16, 80, 0.4],
        ["claude-opus-5-5", 8, 40, 0.4],
        ["claude-opus-5", 10, 50, 1],
        ["claude-opus-4-8", 10, 50, 1],
        ["claude-opus-4-7", 30, 150, 3],
        ["claude-opus-4-6", 30, 150, 3],
      ],
      { speed: "fast" },
    ),
  ],
};
