/** What the models of one API cost, as it was published on a day. */
export interface ModelPrices {
  /** The day on which the prices were looked up: `2026-11-20`. */
  readonly asOf: string;
  readonly models: readonly ModelPrice[];
}

/**
 * Prices in US dollars per million tokens. Of several that fit an answer the longest prefix holds; among equal ones, the
 * highest bound of input.
 */
export interface ModelPrice {
  /** The models whose name begins with this. */
  readonly modelPrefix: string;
  /**
   * Only the model of this very name, and its versions by date or number: `gpt-5`, `gpt-5-2026-08-07`, `gemini-2.5-pro-002`, and
   * not `gpt-5.6`, which has a price of its own. Default: every name that begins so.
   */
  readonly isExact?: boolean;
  /** Only for answers at this speed (`fast`). Default: the API's ordinary speed. */
  readonly speed?: string;
  /** Only for requests whose whole input, cached or not, is longer than this, in tokens. */
  readonly aboveInputTokens?: number;
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly cacheReadUsd: number;
  readonly cacheWriteUsd: number;
  /** What is written to the cache for an hour instead of minutes. Default: `cacheWriteUsd`. */
  readonly cacheWriteHourUsd?: number;
  /** One search of the web that the API makes itself, in US dollars. Default: none. */
  readonly webSearchUsd?: number;
  /**
   * The most that the model writes in one answer, in tokens: what bounds a request under a strict budget that does not say it
   * itself. Default: such a request is refused.
   */
  readonly maxOutputTokens?: number;
}
