import { lstatSync } from "node:fs";
import { basename, join } from "node:path";
import { planApply } from "../../files/apply/plan-apply.ts";
import type { CollectedFiles } from "../../files/manifest.ts";
import { WorkspaceArchive } from "../../files/upload/workspace-archive.ts";
import { streamHostFile } from "../../host-files/read-host-file.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";
import { safeName } from "../../text/safe-name.ts";
import type { Continuation } from "./continuation.ts";

export interface RestoreRunOptions {
  readonly continuation: Continuation;
  /** The project that has gone in. */
  readonly workspace: string | undefined;
  readonly signal: AbortSignal;
  onProgress(message: string): void;
  /** Codes: `continue`, `upload-skipped`. */
  onWarning(code: string, message: string): void;
}

interface Changes {
  readonly writes: readonly string[];
  readonly deletes: readonly string[];
}

const mostNamed = 5;

/**
 * Puts the files of an earlier run into a sandbox that has its project, and its conversation in its place. A file that has
 * changed in the project since stays as it is there.
 */
export async function restoreRun(sandbox: Sandbox, options: RestoreRunOptions): Promise<void> {
  const { continuation, signal } = options;
  const files = continuation.result?.files;
  options.onProgress("restoring the files of the earlier run");
  if (files !== undefined) await restoreFiles(sandbox, files, options);
  await sandbox.files.makeDirectory(continuation.sessionDirectory, { signal });
  await sandbox.files.putArchive(continuation.sessionDirectory, streamHostFile(continuation.archive), { signal });
}

async function restoreFiles(sandbox: Sandbox, files: CollectedFiles, options: RestoreRunOptions): Promise<void> {
  const { signal, onWarning } = options;
  const { writes, deletes } = await changesOf(files, options);
  const paths = writes.filter(
    (path) => lstatSync(join(files.directory, path), { throwIfNoEntry: false }) !== undefined,
  );
  if (paths.length < writes.length) {
    const missing = writes.filter((path) => !paths.includes(path));
    onWarning("continue", `Not in ${safeName(files.directory)} any more, so not in the sandbox: ${named(missing)}`);
  }
  const archive = new WorkspaceArchive({ workspace: files.directory, paths, signal, onWarning });
  await sandbox.files.putArchive(workspaceDir, archive, { signal });
  for (const path of deletes) await sandbox.files.remove(`${workspaceDir}/${path}`, { signal });
}

/** Without a project all files of the earlier run; with one, what `apply` would write to it and delete. */
async function changesOf(files: CollectedFiles, options: RestoreRunOptions): Promise<Changes> {
  const { continuation, workspace, onWarning } = options;
  if (workspace === undefined) {
    return { writes: files.manifest.filter(({ change }) => change !== "deleted").map(({ path }) => path), deletes: [] };
  }
  const { runDirectory } = continuation;
  const result = { runId: basename(runDirectory), files };
  const { writes, deletes, conflicts } = await planApply({ result, runDirectory, target: workspace });
  if (conflicts.length > 0) {
    const paths = conflicts.map(({ entry }) => entry.path);
    onWarning(
      "continue",
      `Changed in the project since the earlier run, so the project's own are used: ${named(paths)}`,
    );
  }
  return { writes: writes.map(({ path }) => path), deletes: deletes.map(({ path }) => path) };
}

function named(paths: readonly string[]): string {
  const more = paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : "";
  return `${paths
    .slice(0, mostNamed)
    .map((path) => safeName(path))
    .join(", ")}${more}`;
}
