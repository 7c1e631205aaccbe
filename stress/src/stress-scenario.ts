/** What a scenario is given. */
export interface StressOptions {
  /** How many times it does its work. */
  readonly rounds: number;
  /** The number of the first one: with the seed of another time, one of its rounds again. */
  readonly from: number;
  /** How many rounds run side by side. */
  readonly concurrency: number;
  /** Chooses what is random: the same seed makes the same choices. */
  readonly seed: number;
  /** How many minutes it takes, where time is its measure. */
  readonly minutes: number;
  /** How many clients a server has. */
  readonly clients: number;
  /** One line about how far it is. */
  readonly say: (line: string) => void;
}

/** Something that was not as it must be. */
export interface StressFault {
  /** What kind of fault, the same words for the same kind: `manifest lost`. */
  readonly kind: string;
  /** What it takes to look at it again: the round, its choices, what was found where. */
  readonly detail: string;
}

export interface StressReport {
  /** The rounds that were really done. */
  readonly rounds: number;
  readonly faults: readonly StressFault[];
  /** What was counted or measured, a line each. */
  readonly facts: readonly string[];
}

/** One way to wear Glovebox down. Leaves nothing behind. */
export interface StressScenario {
  /** What it does, for the help. */
  readonly summary: string;
  /** Rounds, where none are given. */
  readonly rounds: number;
  run(options: StressOptions): Promise<StressReport>;
}
