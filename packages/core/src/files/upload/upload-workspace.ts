import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { SandboxError } from "../../errors/index.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";
import { type Baseline, writeBaseline } from "../baseline/baseline.ts";
import type { GitWorkspace } from "../git/git-workspace.ts";
import type { HistoryScope } from "../git/history-scope.ts";
import { type HostSettings, readHostSettings } from "../git/host-settings.ts";
import { repositoryOwnershipProblem } from "../git/repository-ownership.ts";
import { boundWarnings } from "./bound-warnings.ts";
import { openDirectory } from "./open-directory.ts";
import { sendFiles } from "./send-files.ts";
import { uploadGitHome } from "./upload-git-home.ts";
import { uploadHistory } from "./upload-history.ts";

/** How `uploadWorkspace` uploads. */
export interface UploadOptions {
  /** The project on the host: a directory, a git repository, or a directory inside one. */
  readonly workspace: string;
  /** The run's state directory on the host. What went in is remembered there, for any process that collects later. */
  readonly runDirectory: string;
  /** How much of a repository's history goes in. Default: `default`. */
  readonly history?: HistoryScope;
  /** The state directory that keeps what runs have written: no output goes in. Default: the run's own. */
  readonly home?: string;
  readonly signal?: AbortSignal;
  onProgress?(message: string, done?: number, total?: number): void;
  /** Codes: `upload-skipped`, `outputs`, `submodule`, `git`, `git-history`, `git-settings`, `patch`. */
  onWarning?(code: string, message: string): void;
}

/** After these the sandbox is of no use, so running without the history would only hide what happened. */
const fatalCodes: ReadonlySet<string> = new Set(["aborted", "lost", "stopped", "not-found", "authentication"]);

/**
 * Brings a project into the sandbox's workspace: the files that git names (or all but the ignored ones, where there is no
 * repository), links as links, and with a repository its history and an identity to commit with. Nothing that the
 * project's repository could name is run on the host. What cannot go in is reported by `onWarning`, and the rest continues.
 */
export async function uploadWorkspace(sandbox: Sandbox, options: UploadOptions): Promise<void> {
  const { runDirectory, signal } = options;
  const workspace = await openDirectory(options.workspace, "workspace");
  const bounded = { ...options, workspace, onWarning: boundWarnings(options.onWarning?.bind(options)) };
  const settings = await readHostSettings(workspace, signal);
  const { git, baseline } = await sendFiles(bounded, (archive) =>
    sandbox.files.putArchive(workspaceDir, archive, signal === undefined ? {} : { signal }),
  );
  await writeBaseline(runDirectory, baseline);
  await uploadGitHome(sandbox, settings, signal);
  if (git === undefined || options.history === "none") return;
  const history = await sendHistory(sandbox, bounded, git, settings);
  if (history !== undefined) await writeBaseline(runDirectory, { ...baseline, ...history });
}

/** What both sides know; `undefined`, with a warning, when the files must do without their history. */
async function sendHistory(
  sandbox: Sandbox,
  options: UploadOptions,
  git: GitWorkspace,
  settings: HostSettings,
): Promise<Pick<Baseline, "known" | "head" | "indexTree"> | undefined> {
  const { workspace, signal } = options;
  const withhold = (reason: string) => options.onWarning?.("git-history", `${reason}: its files go in without history`);
  if (git.prefix !== "") {
    withhold("The workspace is a directory inside a repository");
    return undefined;
  }
  const problem = await repositoryOwnershipProblem(workspace, git);
  if (problem !== undefined) {
    withhold(`The workspace's history may not be its own, because ${problem}`);
    return undefined;
  }
  await warnOfOperation(git, options);
  options.onProgress?.("uploading the git history");
  try {
    return await uploadHistory(sandbox, { ...options, git, settings, scope: options.history ?? "default", signal });
  } catch (error) {
    if (!SandboxError.isInstance(error) || fatalCodes.has(error.code)) throw error;
    options.onWarning?.("git-history", `The files go in without their git history: ${error.message}`);
    return undefined;
  }
}

const operations: Readonly<Record<string, string>> = {
  MERGE_HEAD: "merge",
  CHERRY_PICK_HEAD: "cherry-pick",
  REVERT_HEAD: "revert",
  "rebase-merge": "rebase",
  "rebase-apply": "rebase",
  BISECT_LOG: "bisection",
};

async function warnOfOperation({ gitDir }: GitWorkspace, options: UploadOptions): Promise<void> {
  for (const [name, operation] of Object.entries(operations)) {
    if ((await lstat(join(gitDir, name)).catch(() => undefined)) === undefined) continue;
    options.onWarning?.(
      "git-settings",
      `A ${operation} is half done here; git inside has its files and index, and does not know of it`,
    );
  }
}
