/** A process that carries runs. */
export interface Worker {
  readonly id: string;
  readonly host: string;
  readonly startedAt: Date;
  readonly lastSeenAt: Date;
  /** The names of the providers that it reaches. */
  readonly providers: readonly string[];
  /** How many runs it carries at most. */
  readonly capacity: number;
  /** How many it carries. */
  readonly running: number;
}
