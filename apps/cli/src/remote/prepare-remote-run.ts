import { statSync } from "node:fs";
import { resolve } from "node:path";
import { checkOutputDirectory, newRunId } from "@glovebox/core";
import { dropUndefined, InvalidOptionsError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { Option } from "commander";
import { askPrompt, readPrompt } from "../plan/prompt-source.ts";
import { readJsonSchema } from "../plan/read-json-schema.ts";
import { readRunSources } from "../plan/run-sources.ts";
import { readPluginManifests } from "../plugins/plugin-manifests.ts";
import type { RunPrinter } from "../print/run-printer.ts";
import { directoryOf } from "../run/directory-of.ts";
import type { StartRunInput } from "../run/start-run.ts";
import { refuseLocalOnly } from "./request/local-only.ts";
import { requestEnv } from "./request/request-env.ts";
import { type RequestSettings, requestSettings } from "./request/run-request.ts";
import type { MirrorRecord } from "./run-mirror.ts";

/** A run as a server is asked for it. Nothing was sent. */
export interface PreparedRemoteRun {
  readonly prompt: string;
  readonly settings: RequestSettings;
  /** The project to upload. */
  readonly workspace: string | undefined;
  readonly warnings: readonly string[];
  /** The output directory on this machine, for a run of this id. */
  recordOf(runId: string): MirrorRecord;
}

/** Reads and checks everything that a run on a server needs of this machine. */
export async function prepareRemoteRun(
  { options, argument, extraArgs, terminal }: StartRunInput,
  printer: RunPrinter,
): Promise<PreparedRemoteRun> {
  refuseLocalOnly(options, pluginFlags(terminal.env));
  const directory = directoryOf(options.directory, terminal);
  const read = options.interactive ? (argument ?? "") : await readPrompt(argument, options, terminal, directory);
  const jsonSchema = await readJsonSchema(options.jsonSchema, directory);
  const sources = await readRunSources({ options, terminal, directory });
  const env = await requestEnv(options, sources.user, { env: terminal.env, directory });
  const workspace = workspaceOf(options.workspace, directory);
  const recordOf = (runId: string): MirrorRecord => ({
    outputDirectory: resolve(directory, sources.settings.output ?? `sandbox-${runId}`),
    ...dropUndefined({ workspace, overwrite: options.overwrite, ignore: sources.settings.ignore?.slice() }),
  });
  await checkOutput(recordOf(newRunId()), stateDirectory(terminal.env));
  if (read === undefined) printer.hush();
  return {
    prompt: read ?? (await askPrompt()),
    settings: requestSettings({ options, sources, env, extraArgs, jsonSchema }),
    ...{ workspace, warnings: sources.warnings, recordOf },
  };
}

/** The flags of installed plugins, as commander stores their values. */
function pluginFlags(env: StartRunInput["terminal"]["env"]): string[] {
  const manifests = readPluginManifests(stateDirectory(env));
  return manifests.flatMap(({ glovebox }) =>
    (glovebox?.flags ?? []).map(({ flags }) => new Option(flags).attributeName()),
  );
}

function workspaceOf(workspace: string | undefined, directory: string): string | undefined {
  if (workspace === undefined) return undefined;
  const path = resolve(directory, workspace);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new InvalidOptionsError(`--workspace: ${path} is not a directory`);
}

/** What the result could not be written to is refused before anything is spent. */
async function checkOutput({ outputDirectory, workspace, overwrite }: MirrorRecord, home: string): Promise<void> {
  await checkOutputDirectory({
    ...{ outputDirectory, home, runId: newRunId(), ignores: () => false },
    ...dropUndefined({ workspace, overwrite }),
  });
}
