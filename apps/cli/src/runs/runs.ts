import type { RunResult, RunStore, RunSummary } from "@glovebox/core";
import { openRunPlace } from "../run/run-place.ts";
import type { Terminal } from "../terminal.ts";

/** A run as a list shows it. */
export interface ListedRun extends RunSummary {
  /** Its place in the queue of a server, where it has not started yet. */
  readonly queuePlace?: number;
}

/** A run that was found and may be removed. */
export interface RemovableRun {
  readonly runId: string;
  remove(): Promise<void>;
}

/** The runs that commands work with: those of this machine, or those of a server. */
export interface Runs extends Pick<RunStore, "problems" | "events" | "stop"> {
  /** Newest first. */
  list(): Promise<readonly ListedRun[]>;
  /** By id, by the id's unique end or beginning, or by place: `1` is the newest. Throws `not-found` for an unknown one. */
  get(reference: string): Promise<ListedRun>;
  /** What came of a run as far as it is known here; `undefined` while it is running. */
  result(runId: string): Promise<RunResult | undefined>;
  /** The result of a run with its files on this machine. Throws while there is none. */
  finished(run: RunSummary): Promise<RunResult>;
  /** Finishes a run whose process died; returns any other one as it is. */
  recovered(run: RunSummary, options?: { readonly signal?: AbortSignal }): Promise<RunSummary>;
  /** Waits until a run has ended and nothing works on it. False where the signal was first. */
  untilEnded(run: RunSummary, signal: AbortSignal): Promise<boolean>;
  /** Finds a run to remove. With `force` also one that is damaged, or whose files were never collected. */
  removable(
    reference: string,
    options: { readonly force: boolean; readonly provider: string | undefined },
  ): Promise<RemovableRun>;
}

/** Opens the runs that a command works with. */
export async function openRuns(terminal: Terminal): Promise<Runs> {
  return (await openRunPlace(terminal)).runs;
}
