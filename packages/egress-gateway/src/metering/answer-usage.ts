/** What an answer used so far. Counts are in tokens. */
export interface AnswerUsage {
  readonly messageId: string | undefined;
  readonly model: string;
  /** `fast`, or what else the API calls a speed that is not its ordinary one. */
  readonly speed: string | undefined;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Of `cacheWrite`, what is kept for an hour. */
  readonly cacheWriteHour: number;
  readonly webSearches: number;
}
