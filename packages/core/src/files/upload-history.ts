import { randomBytes } from "node:crypto";
import { SandboxError, SandboxFileError } from "../errors/index.ts";
import { type Sandbox, sandboxUser, workspaceDir } from "../provider/sandbox.ts";
import { execInside } from "./exec-inside.ts";
import { type GitWorkspace, readIdentity, readOrigin } from "./git-workspace.ts";
import { gitExit, spawnHostGit } from "./host-git.ts";

export interface UploadHistoryOptions {
  readonly workspace: string;
  readonly git: GitWorkspace;
  /** The commit that is checked out. */
  readonly head: string;
  readonly signal?: AbortSignal | undefined;
}

const stepTimeoutMs = 10 * 60_000;

/**
 * Gives the files that went in their history: the commits of what is checked out on the host, under the same branch,
 * with an identity to commit with. The work tree is not touched, so that changes which are not committed show as such.
 */
export async function uploadHistory(sandbox: Sandbox, options: UploadHistoryOptions): Promise<void> {
  const { workspace, git, head, signal } = options;
  const bundle = `${sandboxUser.home}/.glovebox-${randomBytes(8).toString("hex")}.bundle`;
  const run = (...args: string[]) => gitInside(sandbox, args, signal);
  const call = signal === undefined ? {} : { signal };
  try {
    await run("init", "--quiet");
    if (git.shallow !== undefined) {
      await sandbox.files.writeStream(`${workspaceDir}/.git/shallow`, oncePiece(git.shallow), call);
    }
    await sandbox.files.writeStream(bundle, readBundle(workspace, signal), call);
    await run("fetch", "--quiet", "--no-tags", bundle, "HEAD");
    if (git.branch === undefined) {
      await run("update-ref", "--no-deref", "HEAD", head);
    } else {
      await run("update-ref", git.branch, head);
      await run("symbolic-ref", "HEAD", git.branch);
    }
    await run("reset", "--quiet", "--mixed");
    await configure(run, workspace);
  } catch (error) {
    // Half a repository would mislead the agent; a dead sandbox is told by the error itself.
    await sandbox.files.remove(`${workspaceDir}/.git`, call).catch(() => {});
    throw error;
  } finally {
    await sandbox.files.remove(bundle, call).catch(() => {});
  }
}

async function configure(run: (...args: string[]) => Promise<void>, workspace: string): Promise<void> {
  const identity = await readIdentity(workspace);
  await run("config", "user.name", identity.name);
  await run("config", "user.email", identity.email);
  const origin = await readOrigin(workspace);
  if (origin !== undefined) await run("remote", "add", "origin", origin);
}

async function gitInside(sandbox: Sandbox, args: readonly string[], signal: AbortSignal | undefined): Promise<void> {
  const argv = ["git", "-c", "core.hooksPath=/dev/null", "-c", "init.defaultBranch=main", ...args] as const;
  const result = await execInside(sandbox, argv, { timeoutMs: stepTimeoutMs, signal });
  if (result.exit.exitCode === 0) return;
  throw new SandboxError("process", `git ${args[0]} failed in the sandbox: ${result.stderr || result.exit.reason}`);
}

async function* readBundle(workspace: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const child = spawnHostGit(["bundle", "create", "--quiet", "-", "HEAD"], { cwd: workspace, signal });
  child.stdin.end();
  const end = gitExit(child, signal);
  end.catch(() => {});
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const { exitCode, stderr } = await end;
    if (exitCode !== 0) throw new SandboxFileError(`The project's history could not be read: ${stderr}`);
  } finally {
    child.kill("SIGKILL");
  }
}

async function* oncePiece(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
