import { InvalidOptionsError, SandboxFileError } from "../../errors/index.ts";
import { readBaseline } from "../baseline/baseline.ts";
import { SnapshotStore } from "../baseline/snapshot-store.ts";
import type { CollectedFiles, ManifestEntry } from "../manifest.ts";
import type { PathSelection } from "../paths/path-selection.ts";
import { changedFiles } from "./changed-files.ts";

/** How `openDiff` compares a result with what went in. */
export interface OpenDiffOptions {
  readonly result: { readonly runId: string; readonly files?: CollectedFiles | undefined };
  /** The run's state directory on the host. */
  readonly runDirectory: string;
  /** Default: everything. */
  readonly selection?: PathSelection;
  readonly signal?: AbortSignal;
}

/** How many lines of a file a run has changed. */
export interface ChangedLines {
  /** Absent for a binary file. */
  readonly added?: number;
  readonly deleted?: number;
  readonly isBinary: boolean;
}

/** What a run changed, against what went in. Both are as they were kept: later changes on the host have no effect. */
export interface RunDiff {
  /** The files and links that were created, changed or deleted, by path. */
  readonly entries: readonly ManifestEntry[];
  /** Those of them whose contents were too large to be kept: they are in none of the following. */
  readonly tooLarge: readonly ManifestEntry[];
  /** Lines by path. */
  lines(): Promise<ReadonlyMap<string, ChangedLines>>;
  /** A patch as `git apply` takes it at the top of the project's repository, binary files included. Untrusted bytes. */
  patch(): AsyncIterable<Buffer>;
  /** A diff to be read: binary files are named. Untrusted text: its lines are not safe for a terminal. */
  text(): AsyncIterable<Buffer>;
  /** As {@link text}, word by word, in git's porcelain form. */
  words(): AsyncIterable<Buffer>;
}

/** Opens a run's changes. Throws `invalid-options` when there is nothing to compare, or a path of the selection fits nothing. */
export async function openDiff(options: OpenDiffOptions): Promise<RunDiff> {
  const { result, runDirectory, selection, signal } = options;
  const { files } = result;
  if (files === undefined)
    throw new InvalidOptionsError("The run brought no files back, so there is nothing to compare");
  const baseline = await readBaseline(runDirectory);
  if (baseline === null) {
    throw new InvalidOptionsError("The run had no workspace, so there is nothing to compare its files with", {
      hint: `They are in ${files.directory}`,
    });
  }
  const { comparable, tooLarge } = changedFiles(files.manifest, baseline);
  const changed = [...comparable, ...tooLarge].sort((a, b) => (a.path < b.path ? -1 : 1));
  const unmatched = selection?.unmatched(changed.map(({ path }) => path));
  if (unmatched !== undefined) throw new InvalidOptionsError(`The run changed nothing at ${unmatched}`);
  const isSelected = ({ path }: ManifestEntry) => selection?.includes(path) ?? true;
  const entries = changed.filter(isSelected);
  const isComparable = comparable.some(isSelected);
  const store = new SnapshotStore(runDirectory, signal);
  const isKept = isComparable && (await store.has("result"));
  const compare = (options: readonly string[]): AsyncIterable<Buffer> => {
    if (isKept) return store.compare("baseline", "result", [...options], selection?.pathspecs ?? []);
    if (!isComparable) return none();
    throw new SandboxFileError("The contents of this run's files were not kept, so they cannot be compared", {
      hint: "A run keeps them when git is installed.",
    });
  };
  const prefixes = [`--src-prefix=a/${baseline.prefix}`, `--dst-prefix=b/${baseline.prefix}`];
  return {
    entries,
    tooLarge: tooLarge.filter(isSelected),
    lines: async () => (isKept ? parseLines(await gather(compare(["--numstat", "-z"]))) : new Map()),
    patch: () => compare(["--binary", "--full-index", ...prefixes]),
    text: () => compare([]),
    words: () => compare(["--word-diff=porcelain"]),
  };
}

async function* none(): AsyncGenerator<Buffer> {}

async function gather(chunks: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString("utf8");
}

/** `added TAB deleted TAB path NUL`, with dashes for a binary file. */
function parseLines(text: string): ReadonlyMap<string, ChangedLines> {
  return new Map<string, ChangedLines>(
    text
      .split("\0")
      .filter((record) => record !== "")
      .map((record): [string, ChangedLines] => {
        const [, added = "", deleted = "", path = ""] = /^(\S+)\t(\S+)\t(.*)$/s.exec(record) ?? [];
        if (added === "-") return [path, { isBinary: true }];
        return [path, { added: Number(added), deleted: Number(deleted), isBinary: false }];
      }),
  );
}
