import { mkdir, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { parse, resolve } from "node:path";
import { InvalidOptionsError, SandboxAbortedError, SandboxError } from "../errors/index.ts";
import { type Sandbox, workspaceDir } from "../provider/sandbox.ts";
import { type Baseline, writeBaseline } from "./baseline.ts";
import { findGitWorkspace, type GitWorkspace } from "./git-workspace.ts";
import { listWorkspace } from "./list-workspace.ts";
import { isOwnHistory } from "./own-history.ts";
import { SnapshotStore } from "./snapshot-store.ts";
import { uploadHistory } from "./upload-history.ts";
import { WorkspaceArchive } from "./workspace-archive.ts";

export interface UploadOptions {
  /** The project on the host: a folder, a git repository, or a folder inside one. */
  readonly workspace: string;
  /** The run's state folder on the host. What went in is remembered there, for any process that collects later. */
  readonly runDir: string;
  readonly signal?: AbortSignal;
  onProgress?(message: string, done?: number, total?: number): void;
  /** Codes: `upload-skipped`, `submodule`, `git`, `git-history`, `patch`. */
  onWarning?(code: string, message: string): void;
}

const maxSkippedByName = 50;

/** After these the sandbox is of no use, so going on without the history would only hide what happened. */
const fatalCodes: ReadonlySet<string> = new Set(["aborted", "lost", "stopped", "not-found", "authentication"]);

/**
 * Brings a project into the sandbox's workspace: the files that git names (or all but the ignored ones, where there is no
 * repository), links as links, and with a repository its history and an identity to commit with. Nothing that the
 * project's repository could name is run on the host. What cannot go in is told by `onWarning`, and the rest goes on.
 */
export async function uploadWorkspace(sandbox: Sandbox, options: UploadOptions): Promise<void> {
  const { runDir, signal } = options;
  const workspace = await openWorkspace(options.workspace);
  const bounded = { ...options, workspace, ...boundWarnings(options) };
  await mkdir(runDir, { recursive: true, mode: 0o700 });
  options.onProgress?.("listing the workspace");
  const git = await findGitWorkspace(workspace, signal);
  const paths = await listWorkspace(bounded);
  const sent = await sendFiles(sandbox, bounded, paths);
  const baseline: Baseline = { v: 1, workspace, prefix: git?.prefix ?? "", ...sent };
  await writeBaseline(runDir, baseline);
  if (git?.head === undefined) return;
  if (await sendHistory(sandbox, bounded, git, git.head)) {
    await writeBaseline(runDir, { ...baseline, head: git.head });
  }
}

/** A folder of ten thousand unreadable files is told once, after the first of them by name. */
function boundWarnings(options: UploadOptions): { onWarning(code: string, message: string): void } {
  let left = 0;
  return {
    onWarning(code, message) {
      if (code === "upload-skipped") left += 1;
      if (code !== "upload-skipped" || left <= maxSkippedByName) options.onWarning?.(code, message);
      else if (left === maxSkippedByName + 1) options.onWarning?.(code, "More was left out, which is not named");
    },
  };
}

async function openWorkspace(path: string): Promise<string> {
  const real = await realpath(path).catch((cause) => {
    throw new InvalidOptionsError(`There is no workspace at ${path}`, { cause });
  });
  if (!(await stat(real)).isDirectory()) throw new InvalidOptionsError(`The workspace is not a folder: ${path}`);
  const home = resolve(homedir());
  if ([parse(real).root, home, await realpath(home).catch(() => home)].includes(real)) {
    throw new InvalidOptionsError(`The workspace would be all of ${real}`, { hint: "Name the project's own folder" });
  }
  return real;
}

async function sendFiles(
  sandbox: Sandbox,
  options: UploadOptions,
  paths: readonly string[],
): Promise<Pick<Baseline, "snapshot" | "entries">> {
  const { runDir, signal } = options;
  const store = new SnapshotStore(runDir, signal);
  const snapshot = await openSnapshot(store, options);
  const archive = new WorkspaceArchive({ ...options, paths, snapshot });
  try {
    await sandbox.files.putArchive(workspaceDir, archive, signal === undefined ? {} : { signal });
  } catch (error) {
    await snapshot?.abandon();
    throw error;
  }
  const kept = await closeSnapshot(snapshot, options);
  return { snapshot: kept, entries: archive.entries };
}

async function openSnapshot(store: SnapshotStore, options: UploadOptions) {
  if (await store.create()) return store.commit("baseline");
  options.onWarning?.("patch", "git is not installed on this machine, so there will be no patch");
  return undefined;
}

async function closeSnapshot(snapshot: Awaited<ReturnType<typeof openSnapshot>>, options: UploadOptions) {
  try {
    await snapshot?.end();
    return snapshot !== undefined;
  } catch (error) {
    if (options.signal?.aborted) throw new SandboxAbortedError("The upload was cancelled", { cause: error });
    options.onWarning?.("patch", `There will be no patch: ${(error as Error).message}`);
    return false;
  }
}

/** False, with a warning, when the files must do without their history. */
async function sendHistory(
  sandbox: Sandbox,
  options: UploadOptions,
  git: GitWorkspace,
  head: string,
): Promise<boolean> {
  if (git.prefix !== "") {
    options.onWarning?.(
      "git-history",
      "The workspace is a folder inside a repository: its files go in without history",
    );
    return false;
  }
  if (!(await isOwnHistory(options.workspace, git.branch, options.signal))) {
    options.onWarning?.(
      "git-history",
      "The workspace's .git leads to a repository that does not name it: its files go in without history",
    );
    return false;
  }
  options.onProgress?.("uploading the git history");
  try {
    await uploadHistory(sandbox, { workspace: options.workspace, git, head, signal: options.signal });
    return true;
  } catch (error) {
    if (!SandboxError.isInstance(error) || fatalCodes.has(error.code)) throw error;
    options.onWarning?.("git-history", `The files go in without their git history: ${error.message}`);
    return false;
  }
}
