import type { RunEvent } from "@glovebox/core";

/** One event of a run. */
export interface RunEventRecord {
  readonly runId: string;
  /** Counts from 1 without gaps in one run; `event.seq` is the same. */
  readonly seq: number;
  readonly at: Date;
  readonly event: RunEvent;
}
