import type { RunFlags } from "@glovebox/core/run-settings";

/** What the command line and `GLOVEBOX_…` variables set of a run, each value parsed by itself; the flags of plugins too. */
export type RunOptions = RunFlags & Readonly<Record<string, unknown>>;
