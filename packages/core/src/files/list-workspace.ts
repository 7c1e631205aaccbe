import { type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import ignore, { type Ignore } from "ignore";
import { readArchivePath, showName } from "./archive-path.ts";
import { hasDotGit, isDotGit } from "./dot-git.ts";
import { findGitWorkspace } from "./git-workspace.ts";
import { hostGit } from "./host-git.ts";
import { parentOf } from "./parent-of.ts";

export interface ListOptions {
  /** The folder on the host, a real path. */
  readonly workspace: string;
  readonly signal?: AbortSignal | undefined;
  onWarning?(code: string, message: string): void;
}

const maxIgnoreFileBytes = 1024 * 1024;

/**
 * The paths that go in, relative to the workspace: in a git repository what git names, tracked or not, but for what is
 * ignored; elsewhere everything but what `.gitignore` files name. `.git` is never among them, and nothing is that would
 * be reached through a link. Folders are listed only when they are empty.
 */
export async function listWorkspace(options: ListOptions): Promise<string[]> {
  const paths = new Set<string>();
  await listFolder("", options, paths);
  return [...paths].sort();
}

async function listFolder(below: string, options: ListOptions, into: Set<string>): Promise<void> {
  const folder = join(options.workspace, below);
  const listed = await askGit(folder, options);
  if (listed === undefined) {
    walk(folder, below, [], into, options);
    return;
  }
  const realFolders = new Set<string>([""]);
  for (const name of listed) {
    const read = readArchivePath(name);
    if ("reason" in read) {
      options.onWarning?.("upload-skipped", `${showName(name)} was left out: ${read.reason}`);
      continue;
    }
    if (read.path === "" || hasDotGit(read.path) || !isReachedByFolders(folder, read.path, realFolders)) continue;
    const path = below === "" ? read.path : `${below}/${read.path}`;
    const there = lstatSync(join(folder, read.path), { throwIfNoEntry: false });
    if (there === undefined) continue;
    if (!there.isDirectory()) {
      into.add(path);
      continue;
    }
    // A submodule, or another repository that lies in this one: its files go in as they are.
    options.onWarning?.("submodule", `${path} is a repository of its own: its files go in, its history does not`);
    await listFolder(path, options, into);
  }
}

/** Names as git lists them, or `undefined` when the folder is in no repository, or in one that ignores it. */
async function askGit(folder: string, options: ListOptions): Promise<Buffer[] | undefined> {
  const { signal } = options;
  const workspace = await findGitWorkspace(folder, signal);
  if (workspace === undefined) return undefined;
  const excludes = await hostGit(["config", "--global", "--type=path", "--get", "core.excludesFile"], {
    cwd: folder,
    ownConfig: true,
    signal,
  });
  const excludesFile = excludes.exitCode === 0 ? excludes.stdout.toString("utf8").trim() : defaultExcludesFile();
  const list = ["-c", `core.excludesFile=${excludesFile}`, "ls-files", "-z", "-c", "-o", "--exclude-standard"];
  const result = await hostGit(list, { cwd: folder, signal });
  if (result.exitCode !== 0) {
    options.onWarning?.("git", `git could not list the files of ${folder}, so .gitignore files are read instead`);
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
function isReachedByFolders(folder: string, path: string, known: Set<string>): boolean {
  const parent = parentOf(path);
  if (known.has(parent)) return true;
  if (!isReachedByFolders(folder, parent, known)) return false;
  if (!lstatSync(join(folder, parent), { throwIfNoEntry: false })?.isDirectory()) return false;
  known.add(parent);
  return true;
}

interface IgnoreRules {
  /** The folder that the rules are relative to. */
  readonly base: string;
  readonly rules: Ignore;
}

function walk(
  folder: string,
  below: string,
  outer: readonly IgnoreRules[],
  into: Set<string>,
  options: ListOptions,
): void {
  let names: Dirent<Buffer>[];
  try {
    names = readdirSync(folder, { withFileTypes: true, encoding: "buffer" });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    options.onWarning?.("upload-skipped", `${below || "."} was left out: it cannot be read (${reason})`);
    return;
  }
  if (names.length === 0 && below !== "") into.add(below);
  const rules = withRulesOf(folder, below, outer);
  for (const entry of names) {
    const read = readArchivePath(entry.name);
    if ("reason" in read) {
      options.onWarning?.("upload-skipped", `${showName(entry.name)} was left out: ${read.reason}`);
      continue;
    }
    const path = below === "" ? read.path : `${below}/${read.path}`;
    if (isDotGit(read.path) || isIgnored(path, entry.isDirectory(), rules)) continue;
    if (entry.isDirectory()) walk(join(folder, read.path), path, rules, into, options);
    else into.add(path);
  }
}

function withRulesOf(folder: string, base: string, outer: readonly IgnoreRules[]): readonly IgnoreRules[] {
  const file = join(folder, ".gitignore");
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (!there?.isFile() || there.size > maxIgnoreFileBytes) return outer;
  try {
    return [{ base, rules: ignore({ ignorecase: false }).add(readFileSync(file, "utf8")) }, ...outer];
  } catch {
    // An ignore file that cannot be read ignores nothing.
    return outer;
  }
}

/** The rules nearest to the path decide. */
function isIgnored(path: string, isDirectory: boolean, rules: readonly IgnoreRules[]): boolean {
  for (const { base, rules: own } of rules) {
    const relative = base === "" ? path : path.slice(base.length + 1);
    const verdict = own.test(isDirectory ? `${relative}/` : relative);
    if (verdict.ignored) return true;
    if (verdict.unignored) return false;
  }
  return false;
}
