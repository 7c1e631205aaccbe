import type { RunEvent, RunSummary } from "@glovebox/core";
import { asTyped } from "../print/command-name.ts";
import { LineOutputs } from "../print/line-outputs.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import { createPrinter } from "../run/create-printer.ts";
import { wasScripted } from "../run/drive-run.ts";
import { findRun } from "../run/find-run.ts";
import type { Terminal } from "../terminal.ts";
import { followRun } from "./follow-run.ts";
import { runName } from "./run-name.ts";
import { openRuns, type Runs } from "./runs.ts";
import { untilStoppedFollowing } from "./until-stopped-following.ts";

export interface LogsOptions {
  readonly follow?: boolean;
  readonly tail?: number;
  readonly since?: Date;
  /** The number of an event. */
  readonly from?: number;
  readonly times?: boolean;
  readonly json?: boolean;
}

/** `glovebox logs`. */
export async function showLogs(
  reference: string | undefined,
  options: LogsOptions,
  terminal: Terminal,
): Promise<number> {
  const runs = await openRuns(terminal);
  const run = await findRun(runs, reference, terminal.cwd);
  const show = async (signal: AbortSignal) => {
    const reading = { runs, run, options, terminal, signal };
    if (options.json) await showEvents(reading);
    else await showLines(reading);
    return 0;
  };
  if (!options.follow) return await show(terminal.stdout.gone);
  return await untilStoppedFollowing([runName(run.runDirectory)], terminal, show);
}

interface Reading {
  readonly runs: Runs;
  readonly run: RunSummary;
  readonly options: LogsOptions;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** The events from where they are wanted. A closed pipe ends them: `glovebox logs -f | head`. */
async function* eventsOf(
  { runs, run, options: { since, from = 1 }, signal }: Reading,
  follow: boolean,
): AsyncGenerator<RunEvent> {
  const events = follow ? followRun(runs, run, { signal }) : runs.events(run.runId, { signal });
  for await (const event of events) {
    if (signal.aborted) return;
    if (event.seq >= from && (since === undefined || Date.parse(event.time) >= since.getTime())) yield event;
  }
}

async function showEvents(reading: Reading): Promise<void> {
  const { tail, follow = false } = reading.options;
  const { stdout } = reading.terminal;
  let seen = 0;
  if (tail !== undefined) {
    const last: RunEvent[] = [];
    for await (const event of eventsOf(reading, false)) {
      seen = event.seq;
      last.push(event);
      if (last.length > tail) last.shift();
    }
    for (const event of last) stdout.json(event);
    if (!follow) return;
  }
  for await (const event of eventsOf(reading, follow)) if (event.seq > seen) stdout.json(event);
}

/** As the run was shown. Line by line where the last ones are wanted, or their times: then nothing is drawn again. */
async function showLines(reading: Reading): Promise<void> {
  const { runs, run, options, terminal, signal } = reading;
  const { tail, times, follow = false } = options;
  let time = "";
  const prefix = () => (times ? `${clock(time)}  ` : "");
  const lines = tail !== undefined || times ? new LineOutputs(terminal, { tail, prefix }) : undefined;
  const printer = createPrinter(lines?.terminal ?? terminal, { directory: terminal.cwd, isReplay: true });
  // What was there when this began is kept back until the last of it is known.
  const known = tail === undefined || !follow ? Number.POSITIVE_INFINITY : await lastSeq(runs, run);
  if (known === 0) lines?.release();
  for await (const event of eventsOf(reading, follow)) {
    time = event.time;
    printer.event(event);
    if (event.seq >= known) lines?.release();
  }
  if (signal.aborted) printer.hush();
  else await showEnd(runs, run, options, { printer, terminal });
  lines?.end();
}

async function lastSeq(runs: Runs, { runId }: RunSummary): Promise<number> {
  let last = 0;
  for await (const { seq } of runs.events(runId)) last = seq;
  return last;
}

async function showEnd(
  runs: Runs,
  run: RunSummary,
  { since }: LogsOptions,
  { printer, terminal }: { readonly printer: RunPrinter; readonly terminal: Terminal },
): Promise<void> {
  const result = await runs.result(run.runId);
  if (result === undefined) {
    printer.hush();
    if (!(await runs.get(run.runId)).isAlive) printer.warn(asTyped(endOf(runName(run.runDirectory)), terminal.env));
    return;
  }
  const endedAt = Date.parse(result.startedAt) + result.durationMs;
  if (since === undefined || endedAt >= since.getTime()) {
    printer.end(result, { isScripted: wasScripted(run.runDirectory), runDirectory: run.runDirectory });
  } else printer.hush();
}

function endOf(name: string): string {
  return `The process of this run ended before the run did; \`glovebox reap ${name}\` brings its files back`;
}

/** The local time of day. */
function clock(time: string): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
}
