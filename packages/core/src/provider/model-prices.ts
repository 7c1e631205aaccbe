/** What the models of one API cost, as it was published on a day. */
export interface ModelPrices {
  /** The day on which the prices were looked up: `2026-11-20`. */
  readonly asOf: string;
  readonly models: readonly ModelPrice[];
}

/** Prices in US dollars per million tokens. */
export interface ModelPrice {
  /** The models whose name begins with this; of several that fit, the longest. */
  readonly modelPrefix: string;
  readonly inputUsd: number;
  readonly outputUsd: number;
  readonly cacheReadUsd: number;
  readonly cacheWriteUsd: number;
}
