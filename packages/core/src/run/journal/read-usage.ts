import type { HarnessEvent } from "../../events/harness-event.ts";
import type { RunEvent } from "../../events/run-event.ts";
import { journalFile, parseEventLine } from "./journal.ts";
import { readLines } from "./read-lines.ts";

/** What one answer of a model used, and when. */
export type UsageEvent = Extract<HarnessEvent, { type: "usage" }> & Pick<RunEvent, "time">;

/** What the models of a run used, as its journal has it. */
export interface RunUsage {
  /** As the gateway read it where it can, else as the harness reports it. */
  readonly source: "gateway" | "harness";
  readonly answers: readonly UsageEvent[];
  /** What the harness says that the run cost, in US dollars. Absent where it says nothing. */
  readonly reportedUsd?: number;
}

/** Reads a run's usage, also of one that is running. Only the lines about it are parsed. */
export function readUsage(runDirectory: string): RunUsage {
  const answers: Record<RunUsage["source"], UsageEvent[]> = { gateway: [], harness: [] };
  let reportedUsd: number | undefined;
  const visit = (line: string): void => {
    const event = parseEventLine(line);
    if (event?.type === "usage") answers[event.source].push(event);
    else if (event?.type === "harness.result") reportedUsd = event.costUsd;
  };
  readLines(journalFile(runDirectory), visit, ['"type":"usage"', '"type":"harness.result"']);
  const source = answers.gateway.length > 0 ? "gateway" : "harness";
  return { source, answers: answers[source], ...(reportedUsd === undefined ? {} : { reportedUsd }) };
}
