import { type FSWatcher, lstatSync, readdirSync, type Stats, watch } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { FileChange } from "@glovebox/core/provider";
import { excludeRule } from "../../protocol/exclude-rule.ts";

/** Changes that come within this time are looked at together. */
const gatherMs = 20;
/** The kernel drops notices beyond some 16,000 that wait, and Node does not tell: long before, everything is compared. */
const compareAboveNotices = 4096;
const maxEntries = 200_000;

interface Entry {
  readonly isDirectory: boolean;
  readonly inode: number;
  /** Differs when what lies there has changed; of a directory, only when it is another one or has other rights. */
  readonly stamp: string;
}

interface Directory {
  readonly watcher: FSWatcher;
  readonly entries: Map<string, Entry>;
}

export interface DirectoryWatcherOptions {
  readonly root: string;
  readonly exclude: readonly string[];
  readonly onChanges: (changes: readonly FileChange[]) => void;
  /** The root is not there any more. */
  readonly onGone: () => void;
}

/**
 * Watches a directory and every directory below it, one notice queue for all. What a notice means is found out by looking at the disk
 * and comparing it with what was there, so that nothing depends on their number or order.
 */
export class DirectoryWatcher {
  readonly #options: DirectoryWatcherOptions;
  readonly #excluded: (path: string, name: string) => boolean;
  readonly #root: Entry;
  readonly #directories = new Map<string, Directory>();
  /** Paths to look at; true when their content was written. */
  readonly #pending = new Map<string, boolean>();
  #changes: FileChange[] = [];
  #entryCount = 0;
  #notices = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Watches from here on. Throws when the directory cannot be watched as a whole. */
  constructor(options: DirectoryWatcherOptions) {
    const { root, exclude } = options;
    this.#options = options;
    this.#excluded = excludeRule(exclude);
    const entry = readEntry(root);
    if (entry === undefined) throw Object.assign(new Error(`${root} does not exist`), { code: "ENOENT" });
    if (!entry.isDirectory) throw new Error(`${root} is not a directory`);
    this.#root = entry;
    this.#enter(root);
    const missed = this.#changes.some((change) => "overflow" in change);
    if (missed) throw new Error(`${root} holds more than can be watched; leave directories out`);
    this.#changes = [];
  }

  /** Begins to watch a directory, then tells what is in it: what comes in between is noticed too. */
  #enter(path: string): void {
    let names: string[];
    try {
      const watcher = watch(path, { persistent: false }, (type, name) => this.#notice(path, type, name));
      watcher.on("error", () => {});
      this.#directories.set(path, { watcher, entries: new Map() });
      names = readdirSync(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Gone again, or not the user's to see. Anything else is a limit: what happens there would be missed.
      if (!["ENOENT", "ENOTDIR", "EACCES"].includes(code ?? "")) this.#miss();
      return;
    }
    for (const name of names) this.#look(join(path, name), false);
  }

  #notice(directory: string, type: string, name: string | null): void {
    this.#notices += 1;
    if (name !== null) {
      const path = join(directory, name);
      this.#pending.set(path, type === "change" || this.#pending.get(path) === true);
    }
    this.#timer ??= setTimeout(() => this.#flush(), gatherMs);
  }

  #flush(): void {
    const pending = [...this.#pending];
    const isMuch = this.#notices >= compareAboveNotices;
    this.#pending.clear();
    this.#notices = 0;
    this.#timer = undefined;
    for (const [path, written] of pending) this.#look(path, written);
    if (isMuch) this.#compare();
    const changes = this.#changes;
    this.#changes = [];
    if (changes.length > 0) this.#options.onChanges(changes);
    if (readEntry(this.#options.root)?.inode !== this.#root.inode) this.#options.onGone();
  }

  /** Looks at everything. Directories that are found on the way look at themselves. */
  #compare(): void {
    for (const [directory, { entries }] of [...this.#directories]) {
      for (const name of new Set([...entries.keys(), ...readNames(directory)]))
        this.#look(join(directory, name), false);
    }
  }

  #look(path: string, written: boolean): void {
    const name = basename(path);
    const entries = this.#directories.get(dirname(path))?.entries;
    if (entries === undefined || this.#excluded(relative(this.#options.root, path), name)) return;
    const before = entries.get(name);
    const entry = readEntry(path);
    if (before !== undefined && entry !== undefined && !(before.isDirectory || entry.isDirectory)) {
      entries.set(name, entry);
      if (written || before.stamp !== entry.stamp) this.#changes.push({ path, kind: "changed" });
      return;
    }
    if (before?.stamp === entry?.stamp) return;
    if (before?.isDirectory && entry?.isDirectory && before.inode === entry.inode) {
      entries.set(name, entry);
      this.#changes.push({ path, kind: "changed" });
      return;
    }
    if (before !== undefined) this.#leave(path, entries);
    if (entry !== undefined) this.#meet(path, entry, entries);
  }

  #meet(path: string, entry: Entry, entries: Map<string, Entry>): void {
    if (this.#entryCount >= maxEntries) {
      this.#miss();
      return;
    }
    this.#entryCount += 1;
    entries.set(basename(path), entry);
    this.#changes.push({ path, kind: "created" });
    if (entry.isDirectory) this.#enter(path);
  }

  #miss(): void {
    const last = this.#changes.at(-1);
    if (last === undefined || !("overflow" in last)) this.#changes.push({ overflow: true });
  }

  /** Reports the entries of a directory as removed before the directory. */
  #leave(path: string, entries: Map<string, Entry>): void {
    const directory = this.#directories.get(path);
    directory?.watcher.close();
    for (const name of directory?.entries.keys() ?? []) this.#leave(join(path, name), directory?.entries ?? new Map());
    this.#directories.delete(path);
    entries.delete(basename(path));
    this.#entryCount -= 1;
    this.#changes.push({ path, kind: "removed" });
  }
}

function readEntry(path: string): Entry | undefined {
  let found: Stats | undefined;
  try {
    found = lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // A parent is a file by now, or not the user's to enter.
    return undefined;
  }
  if (found === undefined) return undefined;
  const { ino, mode, size, mtimeMs, ctimeMs } = found;
  const isDirectory = found.isDirectory();
  const stamp = isDirectory ? `${ino} ${mode}` : `${ino} ${mode} ${size} ${mtimeMs} ${ctimeMs}`;
  return { isDirectory, inode: ino, stamp };
}

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
