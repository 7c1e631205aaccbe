import type { Output } from "../../output.ts";
import type { UsageState } from "../usage-sampler.ts";
import type { WatchedRun } from "../watched-run.ts";

/** What a frame is drawn from. */
export interface ViewState {
  readonly runs: readonly WatchedRun[];
  /** The id of the run that keys act on. */
  readonly chosen: string | undefined;
  /** Whether the chosen run has the whole screen. */
  readonly isOne: boolean;
  /** In place of the help: a question, or what went wrong. */
  readonly notice: string | undefined;
  readonly usageOf: (run: WatchedRun) => UsageState;
  /** As `glovebox ps` calls it. */
  readonly nameOf: (run: WatchedRun) => string;
  readonly colors: Output["colors"];
}
