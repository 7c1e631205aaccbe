import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, realpath, stat } from "node:fs/promises";
import { devNull } from "node:os";
import { join, sep } from "node:path";
import { InvalidOptionsError, SandboxUnavailableError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { CloneRules } from "./clone-rules.ts";
import { type RepositoryAddress, repositoryAddress } from "./repository-address.ts";

/** A repository as a run asks for it. */
export interface GitWorkspace {
  readonly url: string;
  readonly ref?: string | undefined;
  readonly subdirectory?: string | undefined;
}

interface CloneOptions {
  /** Does not exist yet. */
  readonly directory: string;
  readonly rules: CloneRules;
  readonly signal: AbortSignal;
}

const timeoutMs = 10 * 60_000;
const historyDepth = 50;
const maxStderr = 2000;

/** Everything by which a repository or a server could start a program, or make git read another place. */
const settings: readonly string[] = Object.entries({
  "core.hooksPath": devNull,
  "core.fsmonitor": "false",
  "core.symlinks": "true",
  "core.protectNTFS": "true",
  "core.attributesFile": devNull,
  "credential.helper": "",
  "http.followRedirects": "false",
  "http.proxy": "",
  "protocol.allow": "never",
  "protocol.https.allow": "always",
  "submodule.recurse": "false",
  "fetch.recurseSubmodules": "false",
  "transfer.fsckObjects": "true",
  "filter.lfs.process": "",
  "filter.lfs.smudge": "",
  "filter.lfs.required": "false",
  "gc.auto": "0",
  "maintenance.auto": "false",
}).flatMap(([key, value]) => ["-c", `${key}=${value}`]);

/** Clones a repository, and resolves to the directory in it that is the workspace. Rejects for an address that is not allowed. */
export async function cloneRepository(
  { url, ref, subdirectory }: GitWorkspace,
  { directory, rules, signal }: CloneOptions,
): Promise<string> {
  const address = await repositoryAddress(url, rules);
  await mkdir(directory, { mode: 0o700 });
  const git = new Git(directory, address, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  await git.run("init", "--quiet", "--template=", ".");
  await git.run("fetch", "--quiet", "--no-tags", `--depth=${historyDepth}`, "--", address.url, ref ?? "HEAD");
  await git.run("checkout", "--quiet", "-B", branchOf(ref), "FETCH_HEAD");
  return subdirectory === undefined ? directory : await directoryIn(directory, subdirectory);
}

/** A commit's id is not a name for a branch. */
function branchOf(ref: string | undefined): string {
  return ref === undefined || /^[0-9a-f]{7,64}$/.test(ref) ? "main" : ref.replace(/^refs\/(heads|tags)\//, "");
}

async function directoryIn(directory: string, subdirectory: string): Promise<string> {
  const top = await realpath(directory);
  const found = await realpath(join(top, subdirectory)).catch(() => undefined);
  if (found?.startsWith(top + sep) && (await stat(found)).isDirectory()) return found;
  throw new InvalidOptionsError("workspace.git.subdirectory is not a directory of the repository");
}

class Git {
  readonly #directory: string;
  readonly #address: RepositoryAddress;
  readonly #signal: AbortSignal;

  constructor(directory: string, address: RepositoryAddress, signal: AbortSignal) {
    this.#directory = directory;
    this.#address = address;
    this.#signal = signal;
  }

  async run(...args: readonly string[]): Promise<void> {
    const { settings: own, protocol } = this.#address;
    const child = spawn("git", ["--no-pager", ...settings, ...own, ...args], {
      cwd: this.#directory,
      env: environment(protocol),
      stdio: ["ignore", "ignore", "pipe"],
      signal: this.#signal,
      killSignal: "SIGKILL",
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr = (stderr + chunk.toString("utf8")).slice(-maxStderr);
    });
    const exitCode = await once(child, "close").then(
      ([code]: (number | null)[]) => code,
      (error: Error) => failed(this.#signal.aborted ? "it took too long, or was cancelled" : error.message),
    );
    if (exitCode !== 0) failed(safeLine(stderr.trim().split("\n").at(-1) ?? "", 300));
  }
}

function failed(reason: string): never {
  throw new SandboxUnavailableError(`The repository could not be cloned: ${reason}`, { retryable: false });
}

/** Built from scratch: nothing of the worker's own configuration, proxies or variables of git reaches it. */
function environment(protocol: RepositoryAddress["protocol"]): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: "1",
    GIT_ALLOW_PROTOCOL: protocol,
    // SSH reads the keys and the known hosts of the worker's user.
    ...(protocol === "ssh" && {
      HOME: process.env.HOME,
      GIT_SSH_COMMAND: "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes",
    }),
  };
}
