/** The most that is brought back of a workspace. Every limit has a default. */
export interface CollectLimits {
  /** The most to write in total, in bytes. Default: 10 GiB. */
  readonly totalBytes?: number;
  /** The largest single file, in bytes. Default: 5 GiB. */
  readonly fileBytes?: number;
}
