import { formatBytes, formatDuration, safeName } from "@glovebox/core/text";
import { percent, usageCells } from "../../inside/print-usage.ts";
import { formatCost } from "../../print/format-cost.ts";
import { fitWidth } from "../../screen/fit-width.ts";
import { shortCount } from "../../screen/run-status.ts";
import type { WatchedRun } from "../watched-run.ts";
import { painter } from "./list-frame.ts";
import { shortDuration, stateText } from "./run-cells.ts";
import type { ViewState } from "./view-state.ts";

const labelWidth = 11;
const decisions = { allowed: "✓", denied: "⊘", failed: "✗" } as const;

/** Lays out one run for a terminal: what it uses against its limits, and as many of its last lines as have room. */
export function runFrame(
  run: WatchedRun,
  state: ViewState,
  size: { readonly columns: number; readonly rows: number },
): readonly string[] {
  const { colors, nameOf } = state;
  const { summary, costUsd, maxCostUsd, tokens } = run;
  const fact = (label: string, text: string | undefined) =>
    text === undefined || text === "" ? [] : [`${colors.dim(label.padEnd(labelWidth))}${text}`];
  const batch = run.batch === undefined ? "" : ` · batch ${safeName(run.batch, 60)}`;
  const head = `${nameOf(run)}  ${painter(run, colors)(stateText(run))}  ${formatDuration(run.elapsedMs)} on ${summary.providerId}${batch}`;
  const facts = [
    colors.bold(head),
    ...fact("prompt", summary.promptPreview),
    ...fact("ended", run.isAlive ? undefined : summary.reason),
    ...usageFacts(run, state, fact),
    ...networkFacts(run, fact),
    ...fact(
      "model",
      `${shortCount(tokens)} tokens, ${formatCost(costUsd)}${maxCostUsd === undefined ? "" : ` of ${formatCost(maxCostUsd)}`}`,
    ),
    ...fact("time left", timeLeft(run, state)),
    ...fact("doing", run.activity),
  ];
  const room = Math.max(0, size.rows - facts.length - 1);
  const lines = run.lines.slice(-room).map((line) => `  ${line}`);
  return [...facts.slice(0, size.rows), ...(room > 0 ? [colors.dim("─".repeat(size.columns)), ...lines] : [])];
}

type Fact = (label: string, text: string | undefined) => readonly string[];

function usageFacts(run: WatchedRun, { usageOf }: ViewState, fact: Fact): readonly string[] {
  const { usage, problem } = usageOf(run);
  if (problem !== undefined) return fact("sandbox", problem);
  if (usage === undefined) return [];
  const [cpu, memory, disk, processes] = usageCells(usage);
  const killed = usage.oomKills ? `, ${usage.oomKills} ended for memory` : "";
  const top = usage.top.map(
    ({ name, cpus, memoryBytes }) =>
      `${safeName(name, 20)}${cpus === undefined ? "" : ` ${percent(cpus)}`} ${formatBytes(memoryBytes)}`,
  );
  return [
    ...fact("CPU", cpu),
    ...fact("memory", `${memory}${killed}`),
    ...fact("disk", disk),
    ...fact("processes", processes),
    ...fact("top", top.join(", ")),
  ];
}

function networkFacts({ network }: WatchedRun, fact: Fact): readonly string[] {
  const { allowed, denied, failed, lastHosts } = network;
  if (allowed + denied + failed === 0) return [];
  const hosts = lastHosts.toReversed().map(({ host, decision }) => `${decisions[decision]} ${fitWidth(host, 40)}`);
  return [
    ...fact("network", `${allowed} allowed, ${denied} denied, ${failed} failed`),
    ...fact("last hosts", hosts.join("  ")),
  ];
}

function timeLeft(run: WatchedRun, { usageOf }: ViewState): string | undefined {
  const { timeLeftMs } = run;
  if (timeLeftMs === undefined) return undefined;
  const leaseEndsAt = usageOf(run).usage?.leaseEndsAt?.getTime();
  const lease = leaseEndsAt === undefined ? "" : `, lease ${shortDuration(leaseEndsAt - Date.now())}`;
  return `${formatDuration(timeLeftMs)}${lease}`;
}
