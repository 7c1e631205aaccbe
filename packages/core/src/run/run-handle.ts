import type { ReadableStream } from "node:stream/web";
import type { RunEvent } from "../events/run-event.ts";
import type { RunResult } from "./run-result.ts";

/**
 * A run under way. Iterating it gives every event from the first on, to any number of readers; a reader that stops early
 * does not stop the run.
 *
 *     for await (const event of run({ prompt, provider, harness })) console.log(event.type);
 */
export interface Run extends AsyncIterable<RunEvent> {
  /** The run's id, which its directory, its journal and the labels of its sandbox carry. */
  readonly id: string;
  /** Settles when the run has ended and everything was cleaned up. A run that fails resolves: see `outcome`. */
  readonly result: Promise<RunResult>;
  /** Every event from the first on, as a web stream: for `pipeThrough`, or as the body of a response. */
  stream(): ReadableStream<RunEvent>;
  /** Ends the harness, still collects, then destroys the sandbox. */
  cancel(): void;
  /** Destroys the sandbox at once; what was not collected is lost. */
  abort(): void;
}
