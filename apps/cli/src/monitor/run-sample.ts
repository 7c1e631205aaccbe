import type { RunPhase } from "@glovebox/core";
import { dropUndefined } from "@glovebox/core/provider";
import { runName } from "../runs/run-name.ts";
import type { UsageState } from "./usage-sampler.ts";
import type { SeenNetwork, WatchedRun } from "./watched-run.ts";

/** A line of `glovebox monitor --json`. What nobody can tell is absent. */
export interface RunSample extends UsageState {
  /** ISO 8601. */
  readonly time: string;
  readonly runId: string;
  /** As `glovebox ps` calls it. */
  readonly name: string;
  readonly batch?: string;
  /** The row of the batch. */
  readonly row?: string;
  readonly providerId: string;
  readonly phase: RunPhase;
  /** How it ended; `interrupted` where its process died before. */
  readonly outcome?: string;
  readonly exitCode?: number;
  readonly elapsedMs: number;
  /** Of `--timeout`. */
  readonly timeLeftMs?: number;
  /** Of the sandbox's lease, which its run extends. */
  readonly leaseLeftMs?: number;
  readonly stalledSince?: string;
  readonly network: SeenNetwork;
  readonly tokens: number;
  readonly costUsd: number;
  readonly maxCostUsd?: number;
  readonly activity?: string;
  /** The last lines of what the agent said and did. */
  readonly lines: readonly string[];
}

const mostLines = 5;

/** Everything that is known about a run at this moment. */
export function sampleOf(run: WatchedRun, { usage, problem }: UsageState, now = new Date()): RunSample {
  const { summary } = run;
  const leaseEndsAt = usage?.leaseEndsAt?.getTime();
  return {
    time: now.toISOString(),
    runId: run.runId,
    name: runName(summary.runDirectory),
    ...dropUndefined({ batch: run.batch, row: summary.labels?.["glovebox.row"] }),
    ...{ providerId: summary.providerId, phase: run.phase },
    ...dropUndefined({ outcome: outcomeOf(run), exitCode: summary.exitCode }),
    elapsedMs: run.elapsedMs,
    ...dropUndefined({
      timeLeftMs: run.timeLeftMs,
      leaseLeftMs: leaseEndsAt === undefined ? undefined : Math.max(0, leaseEndsAt - now.getTime()),
      stalledSince: run.stalledSince?.toISOString(),
    }),
    ...{ network: run.network, tokens: run.tokens, costUsd: run.costUsd },
    ...dropUndefined({ maxCostUsd: run.maxCostUsd, activity: run.activity, usage, problem }),
    lines: run.lines.slice(-mostLines),
  };
}

/** How a run ended, `interrupted` where its process died before; `undefined` while it is running. */
export function outcomeOf({ isAlive, summary }: WatchedRun): string | undefined {
  return isAlive ? undefined : (summary.outcome ?? "interrupted");
}
