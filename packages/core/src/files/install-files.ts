import { createHash } from "node:crypto";
import type { ComponentFile } from "../harness/component-set.ts";
import { type Sandbox, workspaceDir } from "../provider/sandbox.ts";
import { execInside } from "./exec-inside.ts";
import { type ExtractedEntry, octalMode } from "./extraction.ts";
import { writeInstalled } from "./installed.ts";
import { parentOf } from "./parent-of.ts";

export interface InstallFilesOptions {
  readonly files: readonly ComponentFile[];
  /** The run's state folder on the host, the same that collecting has. */
  readonly runDir: string;
  /** Whether the workspace has a history: what is installed is hidden from it. */
  readonly hasHistory: boolean;
  readonly signal: AbortSignal;
}

const gitTimeoutMs = 60_000;
const mostAtOnce = 8;

/**
 * Puts files into the sandbox's workspace, in the place of its own of the same paths, and remembers them for collecting:
 * before the first is written, so that they are known as installed however far this comes.
 */
export async function installFiles(sandbox: Sandbox, options: InstallFilesOptions): Promise<void> {
  const { files, runDir, signal } = options;
  const folders = [...new Set(files.flatMap(({ path }) => foldersAbove(path)))].sort();
  const entries = [
    ...folders.map((path): ExtractedEntry => ({ path, kind: "directory", mode: "0755" })),
    ...files.map(fileEntry),
  ];
  await writeInstalled(runDir, { v: 1, entries });
  for (let start = 0; start < files.length; start += mostAtOnce) {
    const few = files.slice(start, start + mostAtOnce);
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
    await execInside(sandbox, ["git", "-c", "core.hooksPath=/dev/null", ...args], { timeoutMs: gitTimeoutMs, signal });
  const paths = files.map(({ path }) => path);
  const { stdout } = await git("-c", "core.quotePath=false", "ls-files", "--", ...paths);
  const tracked = stdout.split("\n").filter((path) => paths.includes(path));
  const others = paths
    .filter((path) => !tracked.includes(path))
    .map((path) => `/${path.replace(/[*?[\]\\!#]/g, "\\$&")}`);
  if (tracked.length > 0) await git("update-index", "--skip-worktree", "--", ...tracked);
  const rules = Buffer.from(`${others.join("\n")}\n`);
  await sandbox.files.writeStream(`${workspaceDir}/.git/info/exclude`, oncePiece(rules), { signal });
}

function fileEntry({ path, mode, bytes }: ComponentFile): ExtractedEntry {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { path, kind: "file", mode: octalMode(mode), size: bytes.length, sha256 };
}

function foldersAbove(path: string): string[] {
  const parent = parentOf(path);
  return parent === "" ? [] : [...foldersAbove(parent), parent];
}

async function* oncePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
