import type { RunEvent } from "./run-event.ts";

/** Returns when the run of an event `run.stalled` became silent; `undefined` for the event that ends it. */
export function stallBegin(event: Extract<RunEvent, { type: "run.stalled" }>): Date | undefined {
  return event.state === "begin" ? new Date(Date.parse(event.time) - event.silentMs) : undefined;
}
