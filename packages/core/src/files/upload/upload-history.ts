import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { SandboxError, SandboxFileError } from "../../errors/index.ts";
import { exec } from "../../exec/exec.ts";
import { checkRepository } from "../../host-git/check-repository.ts";
import { dropUndefined } from "../../provider/drop-undefined.ts";
import { type Sandbox, workspaceDir } from "../../provider/sandbox.ts";
import { carriedConfig, isPartial } from "../git/carried-settings.ts";
import type { GitWorkspace } from "../git/git-workspace.ts";
import { chooseHistoryRefs, type HistoryRefs } from "../git/history-refs.ts";
import type { HistoryScope } from "../git/history-scope.ts";
import { gitExit, killGit, spawnHostGit } from "../git/host-git.ts";
import { type HostSettings, readRules } from "../git/host-settings.ts";
import { type IndexState, readIndexState } from "../git/index-state.ts";
import { maxListBytes } from "../git/max-list-bytes.ts";
import { smallArchive } from "../tar/small-archive.ts";
import { hideDifferences } from "./hide-differences.ts";

export interface UploadHistoryOptions {
  readonly workspace: string;
  readonly git: GitWorkspace;
  readonly settings: HostSettings;
  readonly scope: HistoryScope;
  readonly signal?: AbortSignal | undefined;
  onWarning?(code: string, message: string): void;
}

const stepTimeoutMs = 10 * 60_000;
const setupDir = ".git/glovebox-setup";

/**
 * Completes a repository of which the files and the pack are there: the index is made as it is on the host, and compared
 * with the files. Prints the tree that the index makes, and then what looks changed.
 */
const script = `
set -e
s=${setupDir}
g() { git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c safe.directory='*' "$@"; }
if test -f "$1"; then g index-pack "$1" > /dev/null; fi
if test -f $s/head; then g read-tree HEAD; fi
if test -f $s/staged; then g update-index -z --index-info < $s/staged; fi
if test -f $s/announced; then g add --intent-to-add --force --pathspec-from-file=$s/announced --pathspec-file-nul || true; fi
if test -f $s/skip; then g update-index -z --skip-worktree --stdin < $s/skip; fi
if test -f $s/assume; then g update-index -z --assume-unchanged --stdin < $s/assume; fi
g update-index -q --refresh > /dev/null || true
printf '%s\\n' "$(g write-tree --missing-ok 2> /dev/null || true)"
g diff-files --name-only -z --ignore-submodules=none
rm -rf $s
`;

export interface UploadedHistory {
  /** The objects that both sides know. */
  readonly known: string[];
  /** The commit that is checked out. */
  readonly head?: string;
  /** What is staged, as the tree that it makes; absent when it makes none. */
  readonly indexTree?: string;
}

/**
 * Gives the files that went in their repository: the commits and references that the scope says, the index as it is on the
 * host, an identity to commit with, and those settings that decide which tree git sees. The work tree is not touched, so
 * that what is changed on the host is changed inside, and nothing else.
 */
export async function uploadHistory(sandbox: Sandbox, options: UploadHistoryOptions): Promise<UploadedHistory> {
  const { git, settings } = options;
  try {
    return await uploadRepository(sandbox, options);
  } catch (error) {
    // A clone can lack the trees of its older commits, and nothing is fetched for a run.
    if (!(error instanceof SandboxFileError) || !isPartial(settings) || git.head === undefined) throw error;
    options.onWarning?.("git-history", "This clone lacks older files, so only the last commit of its history goes in");
    return await uploadRepository(sandbox, { ...options, scope: "branch", git: { ...git, shallow: `${git.head}\n` } });
  }
}

async function uploadRepository(sandbox: Sandbox, options: UploadHistoryOptions): Promise<UploadedHistory> {
  const { workspace, git, signal } = options;
  const call = signal === undefined ? {} : { signal };
  const pack = `.git/objects/pack/pack-${randomBytes(20).toString("hex")}.pack`;
  const [chosen, index] = await Promise.all([
    chooseHistoryRefs(options),
    readIndexState({ workspace, head: git.head, objectFormat: git.objectFormat, signal }),
  ]);
  try {
    await sandbox.files.putArchive(workspaceDir, smallArchive(await skeleton(options, chosen, index, pack)), call);
    const tips = tipsOf(git, chosen);
    const objects = [...tips, ...index.objects];
    if (objects.length > 0) {
      await sandbox.files.writeStream(`${workspaceDir}/${pack}`, readPack(options, objects), call);
    }
    const { tree, changed } = await complete(sandbox, pack, signal);
    await hideDifferences(sandbox, { ...options, changed });
    return { known: [...tips], ...dropUndefined({ head: git.head }), ...(tree === "" ? {} : { indexTree: tree }) };
  } catch (error) {
    // Half a repository would mislead the agent; a dead sandbox is reported by the error itself.
    await sandbox.files.remove(`${workspaceDir}/.git`, call).catch(() => {});
    throw error;
  }
}

function tipsOf({ head }: GitWorkspace, { refs }: HistoryRefs): Set<string> {
  return new Set([...(head === undefined ? [] : [head]), ...refs.values()]);
}

/** The files of a repository that need no program to be made. */
async function skeleton(
  { git, settings }: UploadHistoryOptions,
  { refs, links }: HistoryRefs,
  index: IndexState,
  pack: string,
): Promise<Map<string, Buffer | string>> {
  const directories = [".git", "objects", "objects/pack", "objects/info", "refs", "refs/heads", "refs/tags", "info"];
  const files = new Map<string, Buffer | string>(
    [...directories.map((name) => (name === ".git" ? ".git/" : `.git/${name}/`)), `${setupDir}/`].map((path) => [
      path,
      "",
    ]),
  );
  const head = git.branch === undefined ? git.head : `ref: ${git.branch}`;
  files.set(".git/HEAD", `${head ?? "ref: refs/heads/main"}\n`);
  files.set(".git/config", carriedConfig(settings, git));
  const packed = [...refs].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, id]) => `${id} ${name}\n`);
  if (packed.length > 0) files.set(".git/packed-refs", packed.join(""));
  for (const [name, target] of links) files.set(`.git/${name}`, `ref: ${target}\n`);
  if (git.shallow !== undefined) files.set(".git/shallow", git.shallow);
  if (isPartial(settings)) files.set(pack.replace(/pack$/, "promisor"), "");
  files.set(".git/info/exclude", (await readRules(join(git.commonDir, "info/exclude"), true)) ?? "");
  const attributes = await readRules(join(git.commonDir, "info/attributes"), true);
  if (attributes !== undefined) files.set(".git/info/attributes", attributes);
  const sparse = await readRules(join(git.gitDir, "info/sparse-checkout"), true);
  if (sparse !== undefined) files.set(".git/info/sparse-checkout", sparse);
  const setup = { head: git.head, staged: index.staged, announced: index.intentToAdd, skip: index.skipWorktree };
  for (const [name, content] of Object.entries({ ...setup, assume: index.assumeUnchanged })) {
    if (content !== undefined && content.length > 0) files.set(`${setupDir}/${name}`, content);
  }
  return files;
}

async function complete(
  sandbox: Sandbox,
  pack: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly tree: string; readonly changed: readonly Buffer[] }> {
  const argv = ["sh", "-c", script, "sh", pack] as const;
  const printed = await exec(sandbox, argv, {
    timeoutMs: stepTimeoutMs,
    maxBytes: maxListBytes,
    encoding: "buffer",
    signal,
  });
  if (printed.exitCode !== 0) {
    throw new SandboxError(
      "process",
      `git failed in the sandbox: ${printed.stderr.toString().trim() || printed.reason}`,
    );
  }
  if (printed.stdoutTruncated) throw new SandboxError("process", `git lists more than ${maxListBytes} bytes of names`);
  const all = printed.stdout;
  const end = all.indexOf("\n");
  const paths = all
    .subarray(end + 1)
    .toString("latin1")
    .split("\0");
  return {
    tree: all.toString("latin1", 0, end),
    changed: paths.filter((path) => path !== "").map((path) => Buffer.from(path, "latin1")),
  };
}

async function* readPack(options: UploadHistoryOptions, objects: readonly string[]): AsyncGenerator<Uint8Array> {
  const { workspace, git, settings, signal } = options;
  await checkRepository(workspace, { signal });
  // A partial clone goes in as one: what it lacks is at its origin.
  const missing = isPartial(settings) ? ["--missing=allow-any"] : [];
  const cut = git.shallow === undefined ? [] : git.shallow.trim().split("\n");
  const args = ["pack-objects", "--revs", "--stdout", "--shallow", "--delta-base-offset", "-q", ...missing];
  const child = spawnHostGit(args, { cwd: workspace, signal });
  child.stdin.end([...cut.map((id) => `--shallow ${id}\n`), ...objects.map((id) => `${id}\n`)].join(""));
  const end = gitExit(child, signal);
  end.catch(() => {});
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
    const { exitCode, stderr } = await end;
    if (exitCode !== 0) throw new SandboxFileError(`The project's history could not be read: ${stderr}`);
  } finally {
    killGit(child);
  }
}
