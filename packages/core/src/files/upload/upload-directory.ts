import { excludeOutputs } from "../../output/exclude-outputs.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import { safeName } from "../../text/safe-name.ts";
import { boundWarnings, type WarningListener } from "./bound-warnings.ts";
import { listWorkspace } from "./list-workspace.ts";
import { openDirectory } from "./open-directory.ts";
import { WorkspaceArchive } from "./workspace-archive.ts";

/** How `uploadDirectory` uploads. */
export interface UploadDirectoryOptions {
  /** The directory on the host. */
  readonly source: string;
  /** Its place in the sandbox. */
  readonly target: string;
  /** The state directory that keeps what runs have written: no output goes in. */
  readonly home: string;
  readonly runDirectory: string;
  readonly signal: AbortSignal;
  onProgress(message: string, done?: number, total?: number): void;
  readonly onWarning: WarningListener;
}

/** Copies the files of a directory into a sandbox: those that would go in of a workspace, without a history. */
export async function uploadDirectory(sandbox: Sandbox, options: UploadDirectoryOptions): Promise<void> {
  const { source, target, signal, onProgress } = options;
  const workspace = await openDirectory(source, "added directory");
  const bounded = { ...options, workspace, onWarning: boundWarnings(options.onWarning) };
  const paths = await excludeOutputs(await listWorkspace(bounded), bounded);
  const archive = new WorkspaceArchive({
    ...bounded,
    paths,
    onProgress: (_, done, total) => onProgress(`uploading ${safeName(source)}`, done, total),
  });
  await sandbox.files.makeDirectory(target, { signal });
  await sandbox.files.putArchive(target, archive, { signal });
}
