import { createHash } from "node:crypto";
import { exec } from "../../exec/exec.ts";
import type { ComponentFile } from "../../harness/component-set.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";
import { type ExtractedEntry, octalMode } from "../extract/extraction.ts";
import { parentOf } from "../paths/parent-of.ts";
import { writeInstallBaseline } from "./install-baseline.ts";

export interface InstallFilesOptions {
  readonly files: readonly ComponentFile[];
  /** The run's state directory on the host, the same that collecting has. */
  readonly runDirectory: string;
  /** Whether the workspace has a history: what is installed is hidden from it. */
  readonly hasHistory: boolean;
  readonly signal: AbortSignal;
}

const gitTimeoutMs = 60_000;
const maxConcurrent = 8;

/**
 * Puts files into the sandbox's workspace, in the place of its own of the same paths, and remembers them for collecting:
 * before the first is written, so that they are known as installed however far this comes.
 */
export async function installFiles(sandbox: Sandbox, options: InstallFilesOptions): Promise<void> {
  const { files, runDirectory, signal } = options;
  const directories = [...new Set(files.flatMap(({ path }) => directoriesAbove(path)))].sort();
  const entries = [
    ...directories.map((path): ExtractedEntry => ({ path, kind: "directory", mode: "0755" })),
    ...files.map(fileEntry),
  ];
  await writeInstallBaseline(runDirectory, { v: 1, entries });
  for (let start = 0; start < files.length; start += maxConcurrent) {
    const few = files.slice(start, start + maxConcurrent);
    await Promise.all(
      few.map(({ path, mode, bytes }) =>
        sandbox.files.writeStream(`${workspaceDir}/${path}`, oncePiece(bytes), { mode, signal }),
      ),
    );
  }
  if (options.hasHistory) await hideFromGit(sandbox, files, signal);
}

/** Otherwise `git add --all` would make them a part of the agent's commits. */
async function hideFromGit(sandbox: Sandbox, files: readonly ComponentFile[], signal: AbortSignal): Promise<void> {
  const git = async (...args: string[]) =>
    await exec(sandbox, ["git", "-c", "core.hooksPath=/dev/null", ...args], { timeoutMs: gitTimeoutMs, signal });
  const paths = files.map(({ path }) => path);
  const { stdout } = await git("-c", "core.quotePath=false", "ls-files", "--", ...paths);
  const tracked = stdout.split("\n").filter((path) => paths.includes(path));
  const others = paths
    .filter((path) => !tracked.includes(path))
    .map((path) => `/${path.replace(/[*?[\]\\!#]/g, "\\$&")}`);
  if (tracked.length > 0) await git("update-index", "--skip-worktree", "--", ...tracked);
  const input = `\n${others.join("\n")}\n`;
  await exec(sandbox, ["sh", "-c", "cat >> .git/info/exclude"], { timeoutMs: gitTimeoutMs, input, signal });
}

function fileEntry({ path, mode, bytes }: ComponentFile): ExtractedEntry {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { path, kind: "file", mode: octalMode(mode), size: bytes.length, sha256 };
}

function directoriesAbove(path: string): string[] {
  const parent = parentOf(path);
  return parent === "" ? [] : [...directoriesAbove(parent), parent];
}

async function* oncePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
