/** What an answer used so far. Counts are in tokens. */
export interface AnswerUsage extends AnswerCounts {
  readonly messageId: string | undefined;
  readonly model: string;
  /** `fast`, or what else the API calls a speed that is not its ordinary one. */
  readonly speed: string | undefined;
}

export interface AnswerCounts {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Of `cacheWrite`, what is kept for an hour. */
  readonly cacheWriteHour: number;
  readonly webSearches: number;
}

/** Reads what one answer used, from the values that its API sends. */
export interface UsageReader {
  /** Whether the API has counted the whole answer: nothing that it thinks or writes is missing from `usages`. */
  readonly isFinal: boolean;
  /** Whether the API has counted the input. Before, it is estimated. */
  readonly isInputCounted: boolean;
  /**
   * What was used so far: by the answer, then by what the API did beside it. Empty before the API has said anything.
   * `unreadBytes`: how much of the answer was past what can be read.
   */
  usages(unreadBytes: number): readonly AnswerUsage[];
  /** One event of a stream. */
  event(value: unknown): void;
  /** The answer in one piece. */
  whole(value: unknown): void;
}

/** What is known of an answer before it comes. */
export interface AnswerContext {
  /** The model that was asked for, where it is known. */
  readonly model: string | undefined;
  /** How many answers were asked for in one. */
  readonly answers: number;
  /** What the input is estimated at, in tokens. */
  readonly inputTokens: number;
}
