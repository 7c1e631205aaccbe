import type { RunEvent } from "../events/run-event.ts";
import type { RunResult } from "./run-result.ts";

/** A run under way. Iterating it gives every event from the first on, to any number of readers. */
export interface Run extends AsyncIterable<RunEvent> {
  readonly id: string;
  /** Settles when the run has ended and everything was cleaned up. A run that fails resolves: see `outcome`. */
  readonly result: Promise<RunResult>;
  /** Ends the harness, still collects, then destroys the sandbox. */
  cancel(): void;
  /** Destroys the sandbox at once; what was not collected is lost. */
  abort(): void;
}
