import { type Dirent, lstatSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { safeName } from "../../text/safe-name.ts";
import { findGitWorkspace } from "../git/git-workspace.ts";
import { hostGit } from "../git/host-git.ts";
import { type IgnoreRules, isIgnored, withRulesOf } from "../ignore/ignore-rules.ts";
import { readArchivePath, showName } from "../paths/archive-path.ts";
import { hasDotGit, isDotGit } from "../paths/dot-git.ts";
import { parentOf } from "../paths/parent-of.ts";

/** How `listWorkspace` lists. */
export interface ListOptions {
  /** The directory on the host, a real path. */
  readonly workspace: string;
  readonly signal?: AbortSignal | undefined;
  onWarning?(code: string, message: string): void;
}

const listTimeoutMs = 10 * 60_000;

/**
 * The paths that go in, relative to the workspace: in a git repository what git names, tracked or not, but for what is
 * ignored; elsewhere everything but what `.gitignore` files name. `.git` is never among them, and nothing is that would
 * be reached through a link. Directories are listed only when they are empty.
 */
export async function listWorkspace(options: ListOptions): Promise<string[]> {
  const paths = new Set<string>();
  await listBelow("", options, paths);
  return [...paths].sort();
}

async function listBelow(below: string, options: ListOptions, into: Set<string>): Promise<void> {
  const directory = join(options.workspace, below);
  const listed = await askGit(directory, options);
  if (listed === undefined) {
    walk(directory, below, [], into, options);
    return;
  }
  const realDirectories = new Set<string>([""]);
  for (const name of listed) {
    const read = readArchivePath(name);
    if ("reason" in read) {
      options.onWarning?.("upload-skipped", `${safeName(showName(name))} was left out: ${read.reason}`);
      continue;
    }
    if (read.path === "" || hasDotGit(read.path) || !isReachedByDirectories(directory, read.path, realDirectories))
      continue;
    const path = below === "" ? read.path : `${below}/${read.path}`;
    const existing = lstatSync(join(directory, read.path), { throwIfNoEntry: false });
    if (existing === undefined) continue;
    if (!existing.isDirectory()) {
      into.add(path);
      continue;
    }
    // A submodule, or another repository that lies in this one: its files go in as they are.
    options.onWarning?.(
      "submodule",
      `${safeName(path)} is a repository of its own: its files go in, its history does not`,
    );
    await listBelow(path, options, into);
  }
}

/** Names as git lists them, or `undefined` when the directory is in no repository, or in one that ignores it. */
async function askGit(directory: string, options: ListOptions): Promise<Buffer[] | undefined> {
  const { signal } = options;
  const workspace = await findGitWorkspace(directory, signal);
  if (workspace === undefined) return undefined;
  const excludes = await hostGit(["config", "--global", "--type=path", "--get", "core.excludesFile"], {
    cwd: directory,
    ownConfig: true,
    signal,
  });
  const excludesFile = excludes.exitCode === 0 ? excludes.stdout.toString("utf8").trim() : defaultExcludesFile();
  const list = ["-c", `core.excludesFile=${excludesFile}`, "ls-files", "-z", "-c", "-o", "--exclude-standard"];
  const result = await hostGit(list, { cwd: directory, signal, readsWorkTree: true, timeoutMs: listTimeoutMs });
  if (result.exitCode !== 0) {
    options.onWarning?.("git", `git could not list the files of ${directory}, so .gitignore files are read instead`);
    return undefined;
  }
  const names: Buffer[] = [];
  for (let start = 0; start < result.stdout.length; ) {
    const end = result.stdout.indexOf(0, start);
    names.push(result.stdout.subarray(start, end));
    start = end + 1;
  }
  return names.length === 0 && workspace.prefix !== "" ? undefined : names;
}

function defaultExcludesFile(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "git", "ignore");
}

/** An index can name `link/file`, where `link` points anywhere on the host. */
function isReachedByDirectories(directory: string, path: string, known: Set<string>): boolean {
  const parent = parentOf(path);
  if (known.has(parent)) return true;
  if (!isReachedByDirectories(directory, parent, known)) return false;
  if (!lstatSync(join(directory, parent), { throwIfNoEntry: false })?.isDirectory()) return false;
  known.add(parent);
  return true;
}

function walk(
  directory: string,
  below: string,
  outer: readonly IgnoreRules[],
  into: Set<string>,
  options: ListOptions,
): void {
  let names: Dirent<Buffer>[];
  try {
    names = readdirSync(directory, { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    options.onWarning?.("upload-skipped", `${safeName(below || ".")} was left out: it cannot be read (${reason})`);
    return;
  }
  if (names.length === 0 && below !== "") into.add(below);
  const rules = withRulesOf(directory, below, outer);
  for (const entry of names) {
    const read = readArchivePath(entry.name);
    if ("reason" in read) {
      options.onWarning?.("upload-skipped", `${safeName(showName(entry.name))} was left out: ${read.reason}`);
      continue;
    }
    const path = below === "" ? read.path : `${below}/${read.path}`;
    if (isDotGit(read.path) || isIgnored(path, entry.isDirectory(), rules)) continue;
    if (entry.isDirectory()) walk(join(directory, read.path), path, rules, into, options);
    else into.add(path);
  }
}
