import type { RunEvent, RunResult } from "@glovebox/core";

/** What is known of a run's end beside its result. */
export interface EndFacts {
  /** The model was not a real one, and nothing was spent. */
  readonly isScripted?: boolean;
  /** The run's state directory, where it is not in the state directory of this machine. */
  readonly runDirectory?: string;
}

/** Shows a run to whoever watches it. */
export interface RunPrinter {
  /** Something the command itself does or notices, before or beside the run's events. */
  note(message: string): void;
  warn(message: string): void;
  /** The next event comes when this one is shown. */
  event(event: RunEvent): void | Promise<void>;
  /** The model is not a real one: what its tokens would cost is not shown while it runs. */
  hideCost(): void;
  /** Leaves the terminal to someone else for a moment: a question is about to be asked. */
  hush(): void;
  end(result: RunResult, facts?: EndFacts): void;
}
