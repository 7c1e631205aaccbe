/** What requests to models used, or may use. */
export interface Spend {
  /** In US dollars. */
  readonly usd: number;
  /** Input, output, and what was written to the cache. What was read from the cache is not among them. */
  readonly tokens: number;
}
