import { z } from "zod";

const usd = z.number().nonnegative();

/** What models cost, in US dollars per million tokens, where the user knows better than the built-in list. */
export const pricesSchema = z.strictObject({
  asOf: z.iso.date(),
  models: z.array(
    z.strictObject({
      modelPrefix: z.string().min(1),
      speed: z.string().min(1).exactOptional(),
      aboveInputTokens: z.number().int().nonnegative().exactOptional(),
      inputUsd: usd,
      outputUsd: usd,
      cacheReadUsd: usd,
      cacheWriteUsd: usd,
      cacheWriteHourUsd: usd.exactOptional(),
      webSearchUsd: usd.exactOptional(),
      maxOutputTokens: z.number().int().positive().exactOptional(),
    }),
  ),
});
