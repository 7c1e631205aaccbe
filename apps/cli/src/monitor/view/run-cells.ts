import { formatBytes, formatDuration } from "@glovebox/core/text";
import { percent } from "../../inside/print-usage.ts";
import { formatCost } from "../../print/format-cost.ts";
import { shortCount } from "../../screen/run-status.ts";
import { outcomeOf } from "../run-sample.ts";
import type { UsageState } from "../usage-sampler.ts";
import type { WatchedRun } from "../watched-run.ts";

/** What a row of the list shows of a run, each in a few characters. */
export interface RunCells {
  readonly state: string;
  readonly cpu: string;
  readonly memory: string;
  readonly disk: string;
  readonly processes: string;
  readonly network: string;
  readonly tokens: string;
  readonly cost: string;
  readonly left: string;
  readonly activity: string;
}

/** The cells of a run; what is not known is a dash while it is running, and empty after. */
export function runCells(run: WatchedRun, { usage, problem }: UsageState): RunCells {
  const unknown = run.isAlive ? "-" : "";
  const { allowed, denied, failed } = run.network;
  const { timeLeftMs, tokens, costUsd, summary } = run;
  return {
    state: stateText(run),
    cpu: usage?.cpus === undefined ? unknown : percent(usage.cpus),
    memory: usage === undefined ? unknown : formatBytes(usage.memoryBytes),
    disk: usage?.disk === undefined ? unknown : formatBytes(usage.disk.usedBytes),
    processes: usage === undefined ? unknown : String(usage.processes),
    network: allowed + denied + failed === 0 ? unknown : `${allowed}/${denied + failed}`,
    tokens: tokens === 0 ? unknown : shortCount(tokens),
    cost: costUsd === 0 ? unknown : formatCost(costUsd),
    left: timeLeftMs === undefined ? unknown : shortDuration(timeLeftMs),
    activity: run.isAlive ? (problem ?? run.activity ?? run.lines.at(-1) ?? "") : (summary.reason ?? ""),
  };
}

/** The phase, or since when it has stalled, or how it ended. */
export function stateText(run: WatchedRun): string {
  const { stalledSince } = run;
  if (stalledSince !== undefined) return `stalled ${shortDuration(Date.now() - stalledSince.getTime())}`;
  return outcomeOf(run) ?? run.phase;
}

/** In one unit, as a column has room for: `29m`, `45s`. */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  return formatDuration(seconds < 3600 ? Math.floor(seconds / 60) * 60_000 : Math.floor(seconds / 3600) * 3_600_000);
}
