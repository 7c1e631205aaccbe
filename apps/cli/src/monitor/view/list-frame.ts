import { safeName } from "@glovebox/core/text";
import type { Output } from "../../output.ts";
import { formatCost } from "../../print/format-cost.ts";
import { fitWidth, textWidth } from "../../screen/fit-width.ts";
import { shortCount } from "../../screen/run-status.ts";
import { outcomeOf } from "../run-sample.ts";
import type { WatchedRun } from "../watched-run.ts";
import { type ListItem, listItems, visibleItems } from "./list-items.ts";
import { type RunCells, runCells } from "./run-cells.ts";
import type { ViewState } from "./view-state.ts";

type Colors = Output["colors"];

interface Column {
  readonly key: keyof RunCells;
  readonly head: string;
  readonly width: number;
  readonly isNumber?: true;
}

/** In the order of their places; `columnsFor` decides which have room. */
const columns: readonly Column[] = [
  { key: "state", head: "STATE", width: 11 },
  { key: "cpu", head: "CPU", width: 5, isNumber: true },
  { key: "memory", head: "MEMORY", width: 7, isNumber: true },
  { key: "disk", head: "DISK", width: 7, isNumber: true },
  { key: "processes", head: "PROCS", width: 5, isNumber: true },
  { key: "network", head: "NET", width: 7, isNumber: true },
  { key: "tokens", head: "TOKENS", width: 7, isNumber: true },
  { key: "cost", head: "COST", width: 7, isNumber: true },
  { key: "left", head: "LEFT", width: 4, isNumber: true },
];
/** The first to get room. */
const byImportance: readonly (keyof RunCells)[] = [
  "state",
  "cost",
  "cpu",
  "memory",
  "left",
  "network",
  "tokens",
  "processes",
  "disk",
];
const gap = 2;
const markWidth = 2;
/** What the last column keeps, so that a row says what its run does. */
const narrowestDoing = 12;
const usualDoing = 24;

/** The rows of a frame, and the runs on it. */
export interface Frame {
  readonly lines: readonly string[];
  readonly runs: readonly WatchedRun[];
}

/** Lays out the list for a terminal: totals, a row for each run that fits, and the last lines of the chosen one. */
export function listFrame(state: ViewState, size: { readonly columns: number; readonly rows: number }): Frame {
  const { runs, chosen, colors, nameOf } = state;
  const items = listItems(runs);
  const previewHeight = size.rows >= 16 ? Math.min(6, Math.floor(size.rows / 4)) : 0;
  const shown = visibleItems(items, chosen, Math.max(1, size.rows - 2 - previewHeight));
  const nameWidth = Math.max(3, ...shown.map((item) => (item.kind === "run" ? textWidth(nameOf(item.run)) : 0)));
  const laidOut = columnsFor(size.columns - markWidth - nameWidth);
  const lines = shown.map((item) => {
    const text = itemLine(item, { state, laidOut, nameWidth });
    return item.kind === "run" && item.run.runId === chosen ? colors.bold(text) : text;
  });
  const head = ["RUN".padEnd(nameWidth), ...laidOut.map((column) => align(column.head, column)), "DOING"];
  return {
    lines: [
      colors.bold(totals(runs, items.length - shown.length)),
      colors.dim(`  ${head.join("  ")}`),
      ...(shown.length === 0 ? ['  No runs yet. Start one: glovebox run "Build a todo app"'] : lines),
      ...preview(state, previewHeight, size.columns),
    ],
    runs: shown.flatMap((item) => (item.kind === "run" ? [item.run] : [])),
  };
}

/** Those that have room, in their places. */
export function columnsFor(width: number): readonly Column[] {
  const activity = width < 56 ? narrowestDoing : usualDoing;
  let room = width - activity - gap;
  const chosen = new Set<keyof RunCells>();
  for (const key of byImportance) {
    const column = columns.find((one) => one.key === key);
    if (column === undefined || column.width + gap > room) break;
    room -= column.width + gap;
    chosen.add(key);
  }
  return columns.filter(({ key }) => chosen.has(key));
}

function itemLine(
  item: ListItem,
  {
    state,
    laidOut,
    nameWidth,
  }: { readonly state: ViewState; readonly laidOut: readonly Column[]; readonly nameWidth: number },
): string {
  const { colors, chosen, nameOf, usageOf } = state;
  if (item.kind === "batch") return colors.bold(`  batch ${safeName(item.batch, 60)}: ${totals(item.runs, 0)}`);
  const { run } = item;
  const cells = runCells(run, usageOf(run));
  const paint = painter(run, colors);
  const shown = laidOut.map((column) => {
    const text = align(cells[column.key], column);
    return column.key === "state" ? paint(text) : text;
  });
  const mark = run.runId === chosen ? "› " : "  ";
  return `${mark}${[nameOf(run).padEnd(nameWidth), ...shown].join("  ")}  ${cells.activity}`;
}

/** Red for what failed, yellow for what needs a look. */
export function painter(run: WatchedRun, colors: Colors): (text: string) => string {
  if (run.stalledSince !== undefined) return colors.yellow;
  const outcome = outcomeOf(run);
  if (outcome === undefined) return colors.cyan;
  if (outcome === "succeeded") return colors.green;
  return outcome === "cancelled" ? colors.yellow : colors.red;
}

/** `3 running, 1 stalled, 2 succeeded · 45.2k tokens · $1.23`. */
function totals(runs: readonly WatchedRun[], hidden: number): string {
  const counts = new Map<string, number>();
  for (const run of runs) {
    const state = run.stalledSince === undefined ? (outcomeOf(run) ?? "running") : "stalled";
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const tokens = runs.reduce((sum, run) => sum + run.tokens, 0);
  const usd = runs.reduce((sum, run) => sum + run.costUsd, 0);
  return [
    [...counts].map(([state, count]) => `${count} ${state}`).join(", ") || "no runs",
    ...(tokens === 0 ? [] : [`${shortCount(tokens)} tokens`]),
    ...(usd === 0 ? [] : [formatCost(usd)]),
    ...(hidden > 0 ? [`${hidden} more rows`] : []),
  ].join(" · ");
}

function preview({ runs, chosen, colors, nameOf }: ViewState, height: number, width: number): readonly string[] {
  const run = runs.find(({ runId }) => runId === chosen);
  if (run === undefined || height < 3) return [];
  const title = ` ${nameOf(run)}: ${run.summary.promptPreview} `;
  const head = fitWidth(`──${title}`, Math.max(1, width - 2));
  const rule = "─".repeat(Math.max(0, width - textWidth(head)));
  return [colors.dim(`${head}${rule}`), ...run.lines.slice(-(height - 1)).map((line) => `  ${line}`)];
}

function align(text: string, { width, isNumber }: Column): string {
  const fitted = fitWidth(text, width);
  const space = " ".repeat(Math.max(0, width - textWidth(fitted)));
  return isNumber ? space + fitted : fitted + space;
}
