import type { ModelPrice, ModelPrices } from "@glovebox/core/harness";

type Row = readonly [model: string, inputUsd: number, outputUsd: number, cacheReadUsd: number];

/** The whole of a longer request costs more: input twice as much, output half as much again. */
const longContext = 272_000;

/** Ten dollars for a thousand. */
const webSearchUsd = 0.01;

interface Terms {
  /** What is written to the cache costs a quarter more than input, and otherwise the same. */
  readonly hasCacheWrites?: boolean;
  readonly hasLongContext?: boolean;
  /** The most that the model writes in one answer. Default: 128,000 tokens. */
  readonly maxOutputTokens?: number;
  /** How many times the price the API's fast mode (`service_tier: "priority"`) costs. Default: it has no price. */
  readonly fast?: number;
}

function priced(
  rows: readonly Row[],
  { hasCacheWrites = false, hasLongContext = false, fast, maxOutputTokens = 128_000 }: Terms,
): ModelPrice[] {
  const speeds: (readonly [speed: string | undefined, factor: number])[] = [[undefined, 1]];
  if (fast !== undefined) speeds.push(["fast", fast]);
  const lengths = hasLongContext ? [undefined, longContext] : [undefined];
  return rows.flatMap(([modelPrefix, input, output, cacheRead]) =>
    speeds.flatMap(([speed, factor]) =>
      lengths.map((aboveInputTokens) => {
        const [inputFactor, outputFactor] =
          aboveInputTokens === undefined ? [factor, factor] : [factor * 2, factor * 1.5];
        return {
          modelPrefix,
          isExact: true,
          ...(speed === undefined ? {} : { speed }),
          ...(aboveInputTokens === undefined ? {} : { aboveInputTokens }),
          inputUsd: input * inputFactor,
          outputUsd: output * outputFactor,
          cacheReadUsd: cacheRead * inputFactor,
          cacheWriteUsd: input * inputFactor * (hasCacheWrites ? 1.25 : 1),
          webSearchUsd,
          maxOutputTokens,
        };
      }),
    ),
  );
}

/**
 * What OpenAI's list asks for a model, in US dollars per million tokens: data of one day, which a user's own `prices` go
 * before. Surcharges for a region and for a longer retention of the cache are not in it. Sources:
 * https://developers.openai.com/api/docs/pricing and the pages of the models; of models before GPT-6.1, https://models.dev as of
 * 2026-09-28. A model whose whole price is not known is left out.
 */
export const openaiPrices: ModelPrices = {
  asOf: "2026-11-18",
  models: [
    ...priced(
      [
        ["gpt-6.2-sol", 2, 10, 0.1],
        ["gpt-6.1-sol", 2, 10, 0.1],
        ["gpt-6.1-terra", 1, 5, 0.05],
        ["gpt-6-astra", 10, 50, 1],
        ["gpt-6-sol", 2, 10, 0.2],
        ["gpt-6-luna", 0.1, 0.5, 0.01],
        ["gpt-5.6", 4, 20, 0.4],
        ["gpt-5.6-sol", 4, 20, 0.4],
        ["gpt-5.6-terra", 2, 12, 0.2],
        ["gpt-5.6-luna", 0.2, 1.2, 0.02],
      ],
      { hasCacheWrites: true, hasLongContext: true, fast: 2 },
    ),
    ...priced([["gpt-5.5", 5, 30, 0.5]], { hasLongContext: true, fast: 2.5 }),
    ...priced([["gpt-5.4", 2.5, 15, 0.25]], { hasLongContext: true, fast: 2 }),
    ...priced([["gpt-5.4-mini", 0.75, 4.5, 0.075]], { fast: 2 }),
    ...priced(
      [
        ["gpt-5.5-pro", 30, 180, 30],
        ["gpt-5.4-pro", 30, 180, 30],
      ],
      { hasLongContext: true },
    ),
    ...priced(
      [
        ["gpt-5.4-nano", 0.2, 1.25, 0.02],
        ["gpt-5.3-codex", 1.75, 14, 0.175],
        ["gpt-5.2", 1.75, 14, 0.175],
        ["gpt-5.2-codex", 1.75, 14, 0.175],
        ["gpt-5.2-pro", 21, 168, 21],
        ["gpt-5.1", 1.25, 10, 0.125],
        ["gpt-5.1-codex", 1.25, 10, 0.125],
        ["gpt-5.1-codex-max", 1.25, 10, 0.125],
        ["gpt-5.1-codex-mini", 0.25, 2, 0.025],
        ["gpt-5", 1.25, 10, 0.125],
        ["gpt-5-codex", 1.25, 10, 0.125],
        ["gpt-5-mini", 0.25, 2, 0.025],
        ["gpt-5-nano", 0.05, 0.4, 0.005],
      ],
      {},
    ),
    ...priced([["gpt-5-pro", 15, 120, 15]], { maxOutputTokens: 272_000 }),
    ...priced(
      [
        ["o3", 2, 8, 0.5],
        ["o3-mini", 1.1, 4.4, 0.55],
        ["o3-pro", 20, 80, 20],
        ["o4-mini", 1.1, 4.4, 0.275],
        ["o1", 15, 60, 7.5],
      ],
      { maxOutputTokens: 100_000 },
    ),
    ...priced(
      [
        ["gpt-4.1", 2, 8, 0.5],
        ["gpt-4.1-mini", 0.4, 1.6, 0.1],
        ["gpt-4.1-nano", 0.1, 0.4, 0.025],
      ],
      { maxOutputTokens: 32_768 },
    ),
    ...priced(
      [
        ["gpt-4o", 2.5, 10, 1.25],
        // The first version costs twice as much, and has no discount for what is read from the cache.
        ["gpt-4o-2024-05-13", 5, 15, 5],
        ["gpt-4o-mini", 0.15, 0.6, 0.075],
      ],
      { maxOutputTokens: 16_384 },
    ),
  ],
};
