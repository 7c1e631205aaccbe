import { setTimeout as sleep } from "node:timers/promises";
import type { RunSummary } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { formatDuration, safeJson, safeLine } from "@glovebox/core/text";
import { asTyped } from "../print/command-name.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import type { Terminal } from "../terminal.ts";
import { runName } from "./run-name.ts";
import { describeState, isInState } from "./run-state.ts";
import { type ListedRun, openRuns, type Runs } from "./runs.ts";
import { type RunFilters, selectRuns } from "./select-runs.ts";
import { shortRunName } from "./short-run-name.ts";

export interface ListRunsOptions extends RunFilters {
  readonly quiet?: boolean;
  readonly watch?: boolean;
  /** True for every field. */
  readonly json?: true | readonly (keyof RunSummary)[];
}

const pollMs = 1000;
const screen = { enter: "\u001b[?1049h", leave: "\u001b[?1049l", clear: "\u001b[H\u001b[J" };

/** `glovebox ps`. */
export async function listRuns(options: ListRunsOptions, terminal: Terminal): Promise<number> {
  const { stderr } = terminal;
  const store = await openRuns(terminal);
  for (const problem of await store.problems()) stderr.line(`warning: ${problem}`);
  if (options.watch) return await watchRuns(store, options, terminal);
  const all = await store.list();
  const runs = selectRuns(all, options);
  if (options.quiet || options.json !== undefined) print(runs, options, terminal);
  else if (runs.length > 0) {
    await printTable({ all, runs, store, terminal });
    hintAtInterrupted(runs, terminal);
  } else stderr.line(whyNone(all));
  return 0;
}

/** What others would recover on their way, this only shows: it starts no long work. */
function hintAtInterrupted(runs: readonly RunSummary[], { stderr, env }: Terminal): void {
  const [run] = runs.filter((each) => isInState(each, "interrupted"));
  if (run === undefined) return;
  const command = asTyped(`glovebox wait ${runName(run.runDirectory)}`, env);
  stderr.line(`${stderr.colors.cyan("hint:")} The process of an interrupted run is dead; recover it: ${command}`);
}

function whyNone(all: readonly RunSummary[]): string {
  if (all.length === 0) return 'No runs yet. Start one: glovebox run "Build a todo app"';
  return `Nothing to list; \`glovebox ps -a\` also lists runs that ended before they had a sandbox.`;
}

function print(runs: readonly RunSummary[], { quiet, json }: ListRunsOptions, { stdout }: Terminal): void {
  const fields = json === true ? undefined : json;
  for (const run of runs) {
    if (quiet) stdout.line(run.runId);
    else stdout.json(fields === undefined ? run : Object.fromEntries(fields.map((field) => [field, run[field]])));
  }
}

async function printTable(options: {
  readonly all: readonly ListedRun[];
  readonly runs: readonly ListedRun[];
  readonly store: Runs;
  readonly terminal: Terminal;
}): Promise<void> {
  const ids = options.all.map(({ runId }) => runId);
  const rows = options.runs.map(async (run) => {
    const sinceStart = Math.max(0, Date.now() - run.startedAt.getTime());
    const took = run.durationMs ?? (run.isAlive ? sinceStart : undefined);
    return [
      shortRunName(run.runId, ids),
      await describeState(run, options.store),
      `${formatDuration(sinceStart)} ago`,
      took === undefined ? "" : formatDuration(took),
      safeLine(run.promptPreview, 1000),
    ];
  });
  options.terminal.stdout.table(["RUN", "STATE", "STARTED", "TOOK", "PROMPT"], await Promise.all(rows));
}

/** Shows the list until Ctrl-C: drawn again on a terminal, or as a line for each run that is new or has changed. */
async function watchRuns(store: Runs, options: ListRunsOptions, terminal: Terminal): Promise<number> {
  const { stdout } = terminal;
  const isDrawn = options.json === undefined && !options.quiet;
  if (isDrawn && !stdout.isAnimated) {
    throw new InvalidOptionsError("--watch needs a terminal that can redraw", {
      hint: "Use --watch --json elsewhere.",
    });
  }
  const ended = new AbortController();
  const end = () => ended.abort();
  stdout.gone.addEventListener("abort", end, { once: true });
  using _ = listenForInterrupts({ first: end, second: end });
  const seen = new Map<string, string>();
  if (isDrawn) stdout.write(screen.enter);
  try {
    while (!ended.signal.aborted) {
      const all = await store.list();
      const runs = selectRuns(all, options);
      if (isDrawn) await draw(all, runs, store, terminal);
      else print(changedSince(seen, runs, options.quiet ?? false), options, terminal);
      await sleep(pollMs, undefined, { signal: ended.signal }).catch(() => {});
    }
  } finally {
    if (isDrawn) stdout.write(screen.leave);
  }
  return 0;
}

async function draw(
  all: readonly ListedRun[],
  runs: readonly ListedRun[],
  store: Runs,
  terminal: Terminal,
): Promise<void> {
  const { stdout } = terminal;
  // A screen holds no more: the first row, and the line that the cursor is left on, are not for runs.
  const fitting = runs.slice(0, Math.max(1, stdout.rows - 2));
  stdout.write(screen.clear);
  if (fitting.length === 0) stdout.line(whyNone(all));
  else await printTable({ all, runs: fitting, store, terminal });
}

/** The runs that are not as they were when this was last called. A list of ids has each run once. */
function changedSince(seen: Map<string, string>, runs: readonly RunSummary[], once: boolean): readonly RunSummary[] {
  return runs.filter((run) => {
    const now = once ? "" : safeJson(run);
    if (seen.get(run.runId) === now) return false;
    seen.set(run.runId, now);
    return true;
  });
}
