import { readHostSettings } from "../../files/git/host-settings.ts";
import { uploadDirectory } from "../../files/upload/upload-directory.ts";
import { uploadGitHome } from "../../files/upload/upload-git-home.ts";
import { uploadWorkspace } from "../../files/upload/upload-workspace.ts";
import { addedPlaces } from "../checks/added-places.ts";
import type { RunContext } from "../context/run-context.ts";
import { readContinuation } from "../continuation/continuation.ts";
import { restoreRun } from "../continuation/restore-run.ts";
import type { RunSandbox } from "../sandbox/run-sandbox.ts";

/** Copies the workspace into the sandbox, or only the user's git identity; then what a run to be continued left. */
export async function uploadStage(run: RunContext, sandbox: RunSandbox): Promise<void> {
  if (sandbox.isFilled) return;
  await upload(run, sandbox);
  await uploadAdded(run, sandbox);
  const continuation = readContinuation(run.spec);
  if (continuation === undefined) return;
  const { spec, reporter, cancellation } = run;
  enterUploading(run);
  await restoreRun(sandbox.handle, {
    continuation,
    workspace: spec.workspace,
    signal: cancellation.stopping,
    onProgress: (message) => reporter.progress(message),
    onWarning: (code, message) => reporter.warn(code, message),
  });
}

function enterUploading({ reporter }: RunContext): void {
  if (reporter.phase !== "uploading") reporter.enter("uploading");
}

async function uploadAdded(run: RunContext, { handle }: RunSandbox): Promise<void> {
  const { spec, runDirectory, reporter, cancellation } = run;
  for (const place of addedPlaces(spec)) {
    enterUploading(run);
    await uploadDirectory(handle, {
      ...place,
      runDirectory,
      home: spec.home,
      signal: cancellation.stopping,
      onProgress: (message, done, total) => reporter.progress(message, { done, total }),
      onWarning: (code, message) => reporter.warn(code, message),
    });
  }
}

async function upload(run: RunContext, { handle }: RunSandbox): Promise<void> {
  const { spec, runDirectory, reporter } = run;
  const signal = run.cancellation.stopping;
  if (spec.workspace === undefined) {
    await uploadGitHome(handle, await readHostSettings(runDirectory, signal), signal);
    return;
  }
  enterUploading(run);
  await uploadWorkspace(handle, {
    workspace: spec.workspace,
    runDirectory,
    history: spec.history ?? "default",
    home: spec.home,
    signal,
    onProgress: (message, done, total) => reporter.progress(message, { done, total }),
    onWarning: (code, message) => reporter.warn(code, message),
  });
}
