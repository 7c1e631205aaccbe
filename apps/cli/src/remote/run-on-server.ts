import { escapeJson } from "@glovebox/core/text";
import { createPrinter } from "../run/create-printer.ts";
import { directoryOf } from "../run/directory-of.ts";
import type { StartRunInput } from "../run/start-run.ts";
import { driveRemoteRun } from "./drive-remote-run.ts";
import { type PreparedRemoteRun, prepareRemoteRun } from "./prepare-remote-run.ts";
import type { RemoteRuns } from "./remote-runs.ts";
import { startRemoteRun } from "./start-remote-run.ts";

/** `glovebox run` on a server, from its options to its exit code. */
export async function runOnServer(input: StartRunInput, runs: RemoteRuns): Promise<number> {
  const { options, terminal } = input;
  const { server, mirror } = runs;
  const printer = createPrinter(terminal, { ...options, directory: directoryOf(options.directory, terminal) });
  const prepared = await prepareRemoteRun(input, printer);
  if (options.dryRun) return printRequest(prepared, server.url, input);
  for (const warning of prepared.warnings) printer.warn(warning);
  return await driveRemoteRun({
    ...{ runs, printer, input, recordOf: prepared.recordOf },
    start: (signal) => startRemoteRun(prepared, { server, mirror, printer, env: terminal.env, signal }),
  });
}

/** Prints what would be sent. Nothing is uploaded or started. */
function printRequest(prepared: PreparedRemoteRun, url: string, { options, terminal }: StartRunInput): number {
  const { prompt, settings, workspace } = prepared;
  const plan = { server: url, ...(workspace === undefined ? {} : { workspace }), request: { prompt, ...settings } };
  if (options.json) terminal.stdout.json(plan);
  else terminal.stdout.write(`${escapeJson(JSON.stringify(plan, null, 2))}\n`);
  return 0;
}
