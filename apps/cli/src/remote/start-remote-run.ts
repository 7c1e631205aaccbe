import type { Run } from "@glovebox/client";
import { packWorkspace } from "@glovebox/core";
import { dropUndefined, SandboxAbortedError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import type { RunPrinter } from "../print/run-printer.ts";
import type { Environment } from "../terminal.ts";
import type { PreparedRemoteRun } from "./prepare-remote-run.ts";
import type { RunMirror } from "./run-mirror.ts";
import type { Server } from "./server/server.ts";

export interface StartRemoteOptions {
  readonly server: Server;
  readonly mirror: RunMirror;
  readonly printer: RunPrinter;
  readonly env: Environment;
  readonly signal?: AbortSignal | undefined;
}

/** Uploads the project, starts the run, and keeps what went in, so that the result can be compared with it here. */
export async function startRemoteRun(prepared: PreparedRemoteRun, options: StartRemoteOptions): Promise<Run> {
  const { server, mirror, signal } = options;
  const { prompt, settings, recordOf } = prepared;
  const begun = mirror.begin();
  try {
    const upload = await uploadWorkspace(prepared, begun, options);
    if (signal?.aborted) throw new SandboxAbortedError("Cancelled");
    const workspace = upload === undefined ? {} : { workspace: { upload } };
    const run = await server.createRun({ prompt, ...settings, ...workspace });
    mirror.assign(begun, run.id, recordOf(run.id));
    return run;
  } catch (error) {
    mirror.remove(begun);
    throw error;
  }
}

async function uploadWorkspace(
  { workspace }: PreparedRemoteRun,
  runDirectory: string,
  { server, printer, env, signal }: StartRemoteOptions,
): Promise<string | undefined> {
  if (workspace === undefined) return undefined;
  let upload: string | undefined;
  await packWorkspace(
    {
      ...{ workspace, runDirectory, home: stateDirectory(env), ...dropUndefined({ signal }) },
      onProgress: (message) => printer.note(message),
      onWarning: (_, message) => printer.warn(message),
    },
    async (archive) => {
      upload = await server.upload(archive, signal);
    },
  );
  return upload;
}
