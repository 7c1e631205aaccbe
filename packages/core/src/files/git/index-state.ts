import { hostGit } from "./host-git.ts";

/** What an index says beyond the commit that is checked out, each as git reads it back. Paths are bytes, ended by NUL. */
export interface IndexState {
  /** For `update-index -z --index-info`. */
  readonly staged: Buffer;
  /** The objects that these name. */
  readonly objects: readonly string[];
  readonly skipWorktree: Buffer;
  readonly assumeUnchanged: Buffer;
  readonly intentToAdd: Buffer;
}

export interface IndexStateOptions {
  readonly workspace: string;
  readonly head: string | undefined;
  readonly objectFormat: string;
  readonly signal?: AbortSignal | undefined;
}

const emptyTrees: Readonly<Record<string, string>> = {
  sha1: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  sha256: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
};
const emptyBlob =
  /^(e69de29bb2d1d6434b8b29ae775ad8c2e48c5391|473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813)$/;

/** Reads the index of a repository on the host. Nothing of it is changed, and no file of the work tree is read. */
export async function readIndexState(options: IndexStateOptions): Promise<IndexState> {
  const { workspace, head, signal } = options;
  const ask = async (...args: string[]) => {
    const { exitCode, stdout } = await hostGit(args, { cwd: workspace, signal });
    return exitCode === 0 ? fields(stdout) : [];
  };
  const base = head ?? emptyTrees[options.objectFormat] ?? "";
  const diff = ["diff-index", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=dirty"];
  const [listed, changed] = await Promise.all([ask("ls-files", "-z", "-v"), ask(...diff, base)]);
  const changes = diffLines(changed);
  // An entry that is only announced looks like an empty file that is staged.
  const mayBeAnnounced = changes.some(({ id, status }) => status === "A" && emptyBlob.test(id));
  const staged = mayBeAnnounced ? diffLines(await ask(...diff, "--ita-invisible-in-index", base)) : changes;
  const stagedPaths = new Set(staged.map(({ path }) => path.toString("latin1")));
  const announced = changes.filter(({ path }) => !stagedPaths.has(path.toString("latin1")));
  const unmerged = staged.some(({ status }) => status === "U") ? await ask("ls-files", "-z", "--unmerged") : [];
  const entries = [...staged.filter(({ status }) => status !== "U"), ...unmerged.map(stageLine)];
  const cleared = unmerged.map(stageLine).map(({ path }) => entryLine("0", "0".repeat(base.length), "0", path));
  const tagged = (wanted: RegExp) =>
    terminated(listed.filter((one) => wanted.test(one.toString("latin1", 0, 1))).map((one) => one.subarray(2)));
  return {
    staged: terminated([...(head === undefined ? [] : cleared), ...entries.map(({ line }) => line)]),
    objects: entries.filter(({ mode }) => mode !== "160000" && mode !== "0").map(({ id }) => id),
    skipWorktree: tagged(/^[Ss]$/),
    assumeUnchanged: tagged(/^[a-z]$/),
    intentToAdd: terminated(announced.map(({ path }) => path)),
  };
}

interface IndexEntry {
  readonly path: Buffer;
  readonly mode: string;
  readonly id: string;
  readonly line: Buffer;
  /** `A`, `M`, `D`, `U`…; empty where there is none. */
  readonly status: string;
}

/** `100644 <id> 0\t<path>` */
function stageLine(field: Buffer): IndexEntry {
  const tab = field.indexOf("\t");
  const [mode = "", id = "", stage = ""] = field.toString("latin1", 0, tab).split(" ");
  const path = field.subarray(tab + 1);
  return { path, mode, id, line: entryLine(mode, id, stage, path), status: "" };
}

/** `:<mode> <mode> <id> <id> <status>` and then the path. */
function diffLines(all: readonly Buffer[]): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (let at = 0; at + 1 < all.length; at += 2) {
    const [, mode = "", , id = "", status = ""] = (all[at] ?? Buffer.alloc(0)).toString("latin1").split(" ");
    const path = all[at + 1] ?? Buffer.alloc(0);
    const isGone = status.startsWith("D");
    const line = entryLine(isGone ? "0" : mode, id, "0", path);
    entries.push({ path, mode: isGone ? "0" : mode, id, line, status: status.slice(0, 1) });
  }
  return entries;
}

function entryLine(mode: string, id: string, stage: string, path: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${id} ${stage}\t`), path]);
}

function fields(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0, start);
    if (end < 0) break;
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return parts;
}

function terminated(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(parts.flatMap((part) => [part, Buffer.from([0])]));
}
