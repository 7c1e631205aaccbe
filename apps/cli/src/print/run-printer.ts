import type { RunEvent, RunResult } from "@glovebox/core";

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
  /** `isScripted`: the model was not a real one, and nothing was spent. */
  end(result: RunResult, facts?: { readonly isScripted: boolean }): void;
}
