import { join } from "node:path";
import type { Run } from "@glovebox/client";
import { exitCodeForError, worstExitCode } from "../exit-codes.ts";
import { ForkPrinter } from "../print/fork-printer.ts";
import { createPrinter } from "../run/create-printer.ts";
import { directoryOf } from "../run/directory-of.ts";
import { checkForkOptions, type ForkRunInput } from "../run/fork-run.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import { followedRun } from "./drive-remote-run.ts";
import { type PreparedRemoteRun, prepareRemoteRun } from "./prepare-remote-run.ts";
import type { RemoteRuns } from "./remote-runs.ts";
import { choicesOf, refuseFixed } from "./request/continue-options.ts";
import type { MirrorRecord } from "./run-mirror.ts";
import { serverDirectory } from "./server/server-logins.ts";

/** `glovebox fork` on a server, from its words and options to its exit code. */
export async function forkOnServer(input: ForkRunInput, runs: RemoteRuns): Promise<number> {
  const { options, terminal, prompts } = input;
  checkForkOptions(options, prompts);
  refuseFixed(options);
  const directory = directoryOf(options.directory, terminal);
  const earlier = await runs.get(input.reference);
  const printer = createPrinter(terminal, { ...options, directory });
  const prepared = await prepareRemoteRun({ ...input, argument: prompts[0] }, printer);
  const body = { prompts: promptsOf(input, prepared), ...choicesOf(prepared.settings) };
  const started = await runs.server.forkRun(earlier.runId, body);
  const { workspace } = earlier;
  for (const { id } of started) {
    const record = { ...recordOf(id, input, prepared), ...(workspace === undefined ? {} : { workspace }) };
    runs.mirror.continue(id, earlier.runId, record);
  }
  printer.hush();
  return await followForks(started, { ...input, directory }, runs);
}

/** Each prompt as often as `--count` says. */
function promptsOf({ prompts, count }: ForkRunInput, { prompt }: PreparedRemoteRun): string[] {
  const each = prompts.length > 1 ? prompts : [prompt];
  const times = count ?? (prompts.length > 1 ? 1 : 2);
  return each.flatMap((one) => Array.from({ length: times }, () => one));
}

/** A directory of its own for each, in the one that was named, or in the current directory. */
function recordOf(id: string, { options }: ForkRunInput, prepared: PreparedRemoteRun): MirrorRecord {
  const record = prepared.recordOf(id);
  return options.output === undefined ? record : { ...record, outputDirectory: join(record.outputDirectory, id) };
}

async function followForks(
  started: readonly Run[],
  input: ForkRunInput & { readonly directory: string },
  runs: RemoteRuns,
): Promise<number> {
  const { options, terminal, directory } = input;
  const home = serverDirectory(runs.server.url, terminal.env);
  const forks = new ForkPrinter({ terminal, directory, home, json: options.json, quiet: options.quiet });
  const printer = createPrinter(terminal, { ...options, directory });
  const followed = started.map((run) =>
    followedRun(run, { runs, printer, input, recordOf: () => ({ outputDirectory: directory }) }),
  );
  using _interrupts = listenForInterrupts({
    first: () => {
      forks.warn("Cancelling: the files are still brought back. Once more destroys the sandboxes at once.");
      for (const run of followed) run.cancel();
    },
    second: () => {
      forks.warn("Destroying the sandboxes at once.");
      for (const run of followed) run.abort();
    },
  });
  for (const run of followed) forks.follow(run);
  await forks.followed();
  const results = await Promise.allSettled(followed.map((run) => run.result));
  await forks.end(results);
  return worstExitCode(
    results.map((result) => (result.status === "fulfilled" ? result.value.exitCode : exitCodeForError(result.reason))),
  );
}
