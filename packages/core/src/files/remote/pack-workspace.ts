import { writeBaseline } from "../baseline/baseline.ts";
import { boundWarnings } from "../upload/bound-warnings.ts";
import { openDirectory } from "../upload/open-directory.ts";
import { sendFiles } from "../upload/send-files.ts";
import type { UploadOptions } from "../upload/upload-workspace.ts";

/** How `packWorkspace` reads a project. */
export interface PackWorkspaceOptions extends Omit<UploadOptions, "history"> {}

/**
 * Reads the files of a project as `uploadWorkspace` would, as a tar archive that `send` takes to its end: for a run on another
 * machine. Its git history is not among them. What was read is remembered in the run's directory, so that the result can be
 * compared with it here.
 */
export async function packWorkspace(
  options: PackWorkspaceOptions,
  send: (archive: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const workspace = await openDirectory(options.workspace, "workspace");
  const onWarning = boundWarnings(options.onWarning?.bind(options));
  const { git, baseline } = await sendFiles({ ...options, workspace, onWarning }, send);
  await writeBaseline(options.runDirectory, baseline);
  if (git === undefined) return;
  onWarning("git-history", "The files go to the server without their git history");
}
