import { type ChildProcess, spawn } from "node:child_process";
import { devNull } from "node:os";
import type { Readable } from "node:stream";
import { SandboxAbortedError, SandboxTimeoutError, SandboxUnavailableError } from "@glovebox/core/provider";

/** What a repository or a URL could make git run is off: hooks, file watching, submodules, every odd transport. */
const isolation: readonly string[] = Object.entries({
  "core.hooksPath": devNull,
  "core.fsmonitor": "false",
  "core.attributesFile": devNull,
  "gc.auto": "0",
  "maintenance.auto": "false",
  "protocol.allow": "never",
  "protocol.https.allow": "always",
  "protocol.ssh.allow": "always",
  "protocol.file.allow": "always",
  "submodule.recurse": "false",
  "fetch.recurseSubmodules": "false",
}).flatMap(([key, value]) => ["-c", `${key}=${value}`]);

const maxStderr = 4000;
const defaultTimeoutMs = 10 * 60_000;

export interface GitRun {
  readonly child: ChildProcess & { readonly stdout: Readable };
  /** Resolves when git ended well; rejects with its own last words otherwise. */
  readonly done: Promise<void>;
}

/**
 * Starts the host's git with the user's own credentials and proxy, and asks nobody anything. The signal and the time limit
 * end it with everything it started.
 */
export function runGit(
  args: readonly string[],
  cwd: string,
  signal?: AbortSignal,
  timeoutMs: number = defaultTimeoutMs,
): GitRun {
  const timeout = AbortSignal.timeout(timeoutMs);
  const ending = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  const env: NodeJS.ProcessEnv = { ...process.env, LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "" };
  // Also against a configuration of the user that allows more.
  env.GIT_ALLOW_PROTOCOL = "https:ssh:file";
  // Variables that git sets for its own hooks would point it at another repository.
  for (const name of Object.keys(env))
    if (/^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|NAMESPACE|CONFIG_(COUNT|KEY|VALUE).*)$/.test(name))
      delete env[name];
  env.GIT_SSH_COMMAND ??= "ssh -o BatchMode=yes";
  const child = spawn("git", ["--no-pager", ...isolation, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr = (stderr + chunk.toString("utf8")).slice(-maxStderr);
  });
  const done = new Promise<void>((resolve, reject) => {
    const end = () => {
      const reason = signal?.aborted
        ? new SandboxAbortedError("Fetching components was cancelled")
        : new SandboxTimeoutError(`git ${args[0]} did not end within ${timeoutMs / 1000} s`);
      kill(child);
      child.stdout.destroy(reason);
      child.stderr.destroy();
      reject(reason);
    };
    ending.addEventListener("abort", end, { once: true });
    if (ending.aborted) end();
    child.on("error", (cause) => reject(startFailure(cause)));
    child.on("close", (code) => {
      ending.removeEventListener("abort", end);
      if (code === 0) resolve();
      else reject(new SandboxUnavailableError(`git could not fetch it: ${lastLine(stderr)}`));
    });
  });
  // Whoever reads its output hears of it there, and may not come to wait for the end.
  child.stdout.on("error", () => {});
  done.catch(() => {});
  return { child, done };
}

/** Ends git and whatever it started. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

function startFailure(cause: NodeJS.ErrnoException): Error {
  const missing = cause.code === "ENOENT";
  return new SandboxUnavailableError(missing ? "git is not installed on this machine" : "git could not be started", {
    cause,
    retryable: false,
    ...(missing ? { hint: "Install git, or name the source as an archive." } : {}),
  });
}

/** URLs in git's words may hold a password. */
function lastLine(stderr: string): string {
  const line =
    stderr
      .trim()
      .split("\n")
      .findLast((text) => text.trim() !== "") ?? "it gave no reason";
  return line.replace(/([a-z]+:\/\/)[^/@\s]*@/gi, "$1");
}
