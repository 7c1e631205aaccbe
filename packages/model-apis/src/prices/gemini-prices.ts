import type { ModelPrice, ModelPrices } from "@glovebox/core/harness";

type Row = readonly [model: string, inputUsd: number, outputUsd: number, cacheReadUsd: number];

/** Fourteen dollars for a thousand searches of Google by the models from Gemini 3 on, thirty-five before. */
const [searchUsd, olderSearchUsd] = [0.014, 0.035];

/** The most that a model writes in one answer. */
const maxOutputTokens = 65_536;

/** Nothing is charged for what is written to the cache beyond the input itself. */
function priced(rows: readonly Row[], webSearchUsd: number, aboveInputTokens?: number): ModelPrice[] {
  return rows.map(([modelPrefix, inputUsd, outputUsd, cacheReadUsd]) => ({
    modelPrefix,
    isExact: true,
    ...(aboveInputTokens === undefined ? {} : { aboveInputTokens }),
    ...{ inputUsd, outputUsd, cacheReadUsd, cacheWriteUsd: inputUsd, webSearchUsd, maxOutputTokens },
  }));
}

/**
 * What Google's list asks for a model of the Gemini API, in US dollars per million tokens of text: data of one day, which a
 * user's own `prices` go before. The storage of explicit caches and audio are not in it, and the prices of Gemini 3.6, 3.7 and 3.8
 * Flash are those that the list has until 2026-12-31. Sources: https://ai.google.dev/gemini-api/docs/pricing, and
 * https://models.dev as of 2026-09-28. A model whose whole price is not known is left out.
 */
export const geminiPrices: ModelPrices = {
  asOf: "2026-10-07",
  models: [
    ...priced(
      [
        ["gemini-3.8-flash", 0.75, 3.75, 0.075],
        ["gemini-3.7-flash", 0.75, 3.75, 0.075],
        ["gemini-3.6-flash", 0.75, 3.75, 0.075],
        ["gemini-flash-latest", 0.75, 3.75, 0.075],
        ["gemini-3.5-flash", 1.5, 9, 0.15],
        ["gemini-3.5-flash-lite", 0.3, 2.5, 0.03],
        ["gemini-flash-lite-latest", 0.3, 2.5, 0.03],
        ["gemini-3.1-pro-preview", 2, 12, 0.2],
        ["gemini-3.1-pro-preview-customtools", 2, 12, 0.2],
        ["gemini-3.1-flash-lite", 0.25, 1.5, 0.025],
        ["gemini-3.1-flash-lite-preview", 0.25, 1.5, 0.025],
        ["gemini-3-flash-preview", 0.5, 3, 0.05],
      ],
      searchUsd,
    ),
    ...priced(
      [
        ["gemini-3.1-pro-preview", 4, 18, 0.4],
        ["gemini-3.1-pro-preview-customtools", 4, 18, 0.4],
      ],
      searchUsd,
      200_000,
    ),
    ...priced(
      [
        ["gemini-2.5-pro", 1.25, 10, 0.125],
        ["gemini-2.5-flash", 0.3, 2.5, 0.03],
        ["gemini-2.5-flash-lite", 0.1, 0.4, 0.01],
      ],
      olderSearchUsd,
    ),
    ...priced([["gemini-2.5-pro", 2.5, 15, 0.25]], olderSearchUsd, 200_000),
  ],
};
