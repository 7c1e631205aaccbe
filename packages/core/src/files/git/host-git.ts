import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { devNull } from "node:os";
import { SandboxAbortedError, SandboxError, SandboxFileError, SandboxTimeoutError } from "../../errors/index.ts";
import { checkRepositoryOnce } from "../../host-git/repository-checks.ts";

/**
 * A repository on the host may be hostile: its configuration can name programs for hooks, file watching, transports,
 * filters, pagers and alternates. Every one of them is turned off for every call. Nothing is asked of a user, nothing
 * is fetched, no lock is taken for mere looking.
 */
const isolation: readonly string[] = Object.entries({
  "core.hooksPath": devNull,
  "core.fsmonitor": "false",
  "core.pager": "cat",
  "core.editor": "false",
  "core.sshCommand": "false",
  "core.askPass": "false",
  "core.gitProxy": "false",
  "core.alternateRefsCommand": "false",
  "core.attributesFile": devNull,
  "credential.helper": "",
  "diff.external": "",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "protocol.allow": "never",
  "submodule.recurse": "false",
  "fetch.recurseSubmodules": "false",
  "log.showSignature": "false",
  "safe.directory": "*",
}).flatMap(([key, value]) => ["-c", `${key}=${value}`]);

export interface HostGitOptions {
  readonly cwd: string;
  /** Written to its input, which is closed after. */
  readonly input?: string | Buffer;
  readonly signal?: AbortSignal | undefined;
  /** Lets the user's own configuration be read; only for asking what it says. */
  readonly ownConfig?: boolean;
  /** The command reads the work tree (lists, compares, stashes), so its ignore and attribute files are checked first. */
  readonly readsWorkTree?: boolean;
  /** How long it may take at most. Default: a minute. */
  readonly timeoutMs?: number;
}

export interface HostGitResult {
  /** Null when git is not installed. */
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  /** A bounded tail. */
  readonly stderr: string;
}

const maxStderr = 4000;
const maxStdoutBytes = 512 * 1024 * 1024;
const defaultTimeoutMs = 60_000;

/**
 * Starts the host's git with everything off that a repository could make it run, in a process group of its own. The
 * signal kills the group. Where `cwd` may be a stranger's repository, `checkRepository` comes first.
 */
export function spawnHostGit(args: readonly string[], options: HostGitOptions): ChildProcessWithoutNullStreams {
  const child = spawn("git", ["--no-pager", ...isolation, ...args], {
    cwd: options.cwd,
    env: environment(options.ownConfig === true),
    stdio: "pipe",
    detached: process.platform !== "win32",
  });
  const { signal } = options;
  const kill = () => killGit(child);
  signal?.addEventListener("abort", kill, { once: true });
  child.once("exit", () => signal?.removeEventListener("abort", kill));
  if (signal?.aborted) kill();
  // A git that ends before it has read everything is reported by its exit, not by its pipe.
  child.stdin.on("error", () => {});
  return child;
}

/** Ends git and whatever it started. */
export function killGit(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * Checks the repository that `cwd` lies in, runs the host's git there and collects what it prints. A non-zero exit is a
 * result. Throws `invalid-options` for a repository in which git would hang, and `timeout` for one in which
 * it did not.
 */
export async function hostGit(args: readonly string[], options: HostGitOptions): Promise<HostGitResult> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
  try {
    await checkRepositoryOnce(options.cwd, options.readsWorkTree === true, signal);
    return await collectGit(args, { ...options, signal });
  } catch (error) {
    if (!timeout.aborted || options.signal?.aborted) throw error;
    throw new SandboxTimeoutError(`git ${args[0]} did not end within ${timeoutMs / 1000} s in ${options.cwd}`, {
      cause: error,
    });
  }
}

async function collectGit(args: readonly string[], options: HostGitOptions): Promise<HostGitResult> {
  if (options.signal?.aborted) throw new SandboxAbortedError("The run was cancelled");
  const child = spawnHostGit(args, options);
  child.stdin.end(options.input ?? "");
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxStdoutBytes) killGit(child);
    else chunks.push(chunk);
  });
  const { exitCode, stderr } = await gitExit(child, options.signal);
  return { exitCode, stdout: Buffer.concat(chunks), stderr };
}

/** How it ended: the exit code, or null when git is not installed. Throws `aborted` when the signal ended it. */
export async function gitExit(
  child: ChildProcessWithoutNullStreams,
  signal?: AbortSignal,
): Promise<{ exitCode: number | null; stderr: string }> {
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(-maxStderr);
  });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      // It may be in a system call that no signal ends, and its pipes may be held by others: nobody waits for it.
      const abort = () => {
        const error = new SandboxAbortedError("The run was cancelled");
        child.unref();
        child.stdin.destroy();
        for (const stream of [child.stdout, child.stderr]) stream.on("error", () => {}).destroy(error);
        reject(error);
      };
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
      child.once("close", () => signal?.removeEventListener("abort", abort));
      child.on("error", reject);
      child.on("close", (code, ended) => {
        if (code === null) reject(new SandboxFileError(`git on this machine was ended by ${ended}`));
        else resolve(code);
      });
    });
    return { exitCode, stderr: stderr.trim() };
  } catch (cause) {
    if (signal?.aborted) throw new SandboxAbortedError("The run was cancelled", { cause });
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return { exitCode: null, stderr: "git is not installed" };
    if (SandboxError.isInstance(cause)) throw cause;
    throw new SandboxFileError("git could not be started on this machine", { cause });
  }
}

/** Built from scratch: variables such as GIT_DIR, which git sets for its own hooks, must not reach it. */
function environment(ownConfig: boolean): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_ALLOW_PROTOCOL: "none",
  };
  if (!ownConfig)
    Object.assign(env, { GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_SYSTEM: devNull });
  for (const name of ["PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "DEVELOPER_DIR"]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
