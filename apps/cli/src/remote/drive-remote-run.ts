import type { Run } from "@glovebox/client";
import { asTyped } from "../print/command-name.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import { driveToEnd } from "../run/drive-to-end.ts";
import type { StartRunInput } from "../run/start-run.ts";
import { runName } from "../runs/run-name.ts";
import type { Terminal } from "../terminal.ts";
import { receiveRun } from "./receive-run.ts";
import { RemoteRun } from "./remote-run.ts";
import type { RemoteRuns } from "./remote-runs.ts";
import type { MirrorRecord } from "./run-mirror.ts";

export interface DriveRemoteOptions {
  readonly runs: RemoteRuns;
  readonly printer: RunPrinter;
  readonly input: Pick<StartRunInput, "options" | "terminal">;
  /** Starts the run on the server. */
  start(signal: AbortSignal): Promise<Run>;
  recordOf(runId: string): MirrorRecord;
}

/** Starts a run on a server and shows it to its end, or prints its id with `--detach`. Resolves to the exit code. */
export async function driveRemoteRun(options: DriveRemoteOptions): Promise<number> {
  const { printer, input } = options;
  if (input.options.detach) {
    const run = await options.start(new AbortController().signal);
    printer.hush();
    announceDetached(run, options);
    return 0;
  }
  const result = await driveToEnd({
    printer,
    begin: async (signal) => {
      const run = await options.start(signal);
      const followed = followedRun(run, options);
      if (signal.aborted) followed.cancel();
      printer.note(`Run ${runName(options.runs.mirror.runDirectory(run.id))} on ${options.runs.server.url}`);
      if (run.place !== undefined && run.place > 1) printer.note(`Waiting in the queue, at place ${run.place}`);
      return followed;
    },
  }).catch((error: unknown) => {
    printer.hush();
    throw error;
  });
  printer.end(result, { runDirectory: options.runs.mirror.runDirectory(result.runId) });
  return result.exitCode;
}

/** A run of the server, with its files coming here at its end. */
export function followedRun(
  { id }: Pick<Run, "id">,
  { runs: { server, mirror }, printer, input, recordOf }: Omit<DriveRemoteOptions, "start">,
): RemoteRun {
  const record = mirror.record(id) ?? recordOf(id);
  const onWarning = (message: string) => printer.warn(message);
  return new RemoteRun({
    ...{ server, id, onWarning, outputDirectory: record.outputDirectory },
    receive: async (run) => {
      const { env } = input.terminal;
      return await receiveRun(run, record, { server, mirror, env, onWarning });
    },
  });
}

function announceDetached({ id }: Run, { runs, input, recordOf }: DriveRemoteOptions): void {
  const { options, terminal } = input;
  const { stdout, stderr } = terminal;
  const runDirectory = runs.mirror.runDirectory(id);
  if (options.json) stdout.json({ runId: id, runDirectory, outputDirectory: recordOf(id).outputDirectory });
  else stdout.line(id);
  if (options.json || options.quiet) return;
  for (const line of nextCommands(runName(runDirectory), terminal)) stderr.line(line);
}

function nextCommands(name: string, { stderr, env }: Terminal): string[] {
  const commands = { "follow:": "logs -f", "wait:": "wait", "stop:": "stop" };
  return Object.entries(commands).map(
    ([label, command]) => `${stderr.colors.cyan(label.padEnd(7))} ${asTyped(`glovebox ${command} ${name}`, env)}`,
  );
}
