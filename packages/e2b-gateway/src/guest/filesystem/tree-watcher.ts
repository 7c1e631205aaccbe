import { type BigIntStats, type FSWatcher, lstatSync, readdirSync, watch } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { errorCode } from "../system-error.ts";

export type ChangeType =
  | "EVENT_TYPE_CREATE"
  | "EVENT_TYPE_WRITE"
  | "EVENT_TYPE_REMOVE"
  | "EVENT_TYPE_RENAME"
  | "EVENT_TYPE_CHMOD";

export interface Change {
  /** Below the folder that is watched; `.` for itself. */
  readonly name: string;
  readonly path: string;
  readonly type: ChangeType;
}

export interface TreeWatcherOptions {
  readonly root: string;
  readonly recursive: boolean;
  readonly onChange: (change: Change) => void;
}

interface Notice {
  readonly path: string;
  readonly isChange: boolean;
}

interface Folder {
  readonly watcher: FSWatcher;
  readonly entries: Map<string, BigIntStats>;
}

/**
 * Watches a folder and, if asked to, those below it. Node tells that a name came or went, or that what it names was
 * changed; which of the five it was is told by comparing the disk with what was there.
 */
export class TreeWatcher {
  readonly #options: TreeWatcherOptions;
  readonly #folders = new Map<string, Folder>();
  /** What was told to have come, though it had gone by then. */
  readonly #passing = new Set<string>();
  /** Told as written by the look that a notice of other rights led to: the notice of the writing is still to come. */
  readonly #ahead = new Set<string>();
  /** Of those that are being looked at: what lies in them is not new where they come to. */
  readonly #movedFolders = new Set<bigint>();
  #notices: Notice[] = [];

  /** Watches from here on. Throws when the folder cannot be watched. */
  constructor(options: TreeWatcherOptions) {
    this.#options = options;
    this.#enter(options.root, false);
  }

  close(): void {
    for (const { watcher } of this.#folders.values()) watcher.close();
    this.#folders.clear();
    this.#notices = [];
  }

  /** Tells of what has happened up to this moment, as far as the kernel has told it. */
  flush(): void {
    const notices = this.#notices;
    this.#notices = [];
    this.#movedFolders.clear();
    for (let index = 0; index < notices.length; index += 1) {
      const [notice, next] = [notices[index], notices[index + 1]];
      if (notice === undefined) continue;
      // Equal notices in a row come as one: a second one behind the first is of the other kind.
      const isPair = notice.isChange && next?.isChange === true && next.path === notice.path;
      if (isPair) index += 1;
      this.#look(notice, isPair ? undefined : next, isPair);
    }
  }

  /** Begins to watch, then reads what is in the folder: what comes in between is noticed too. */
  #enter(path: string, isNew: boolean): void {
    const watcher = watch(path, { persistent: false }, (type, name) => this.#notice(path, type, name));
    watcher.on("error", () => {});
    const entries = new Map<string, BigIntStats>();
    this.#folders.set(path, { watcher, entries });
    for (const name of readdirSync(path)) {
      const stats = readStats(join(path, name));
      if (stats === undefined) continue;
      entries.set(name, stats);
      if (isNew) this.#tell(join(path, name), "EVENT_TYPE_CREATE");
      this.#enterBelow(join(path, name), stats, isNew);
    }
  }

  #enterBelow(path: string, stats: BigIntStats, isNew: boolean): void {
    if (!this.#options.recursive || !stats.isDirectory() || this.#folders.has(path)) return;
    try {
      this.#enter(path, isNew);
    } catch (error) {
      // Gone again. Anything else is a limit of the system, which a client has to hear of.
      if (!["ENOENT", "ENOTDIR"].includes(errorCode(error))) throw error;
    }
  }

  #notice(folder: string, type: string, name: string | null): void {
    if (name === null) return;
    // Notices come one by one: those that have come together are looked at together.
    if (this.#notices.length === 0) setImmediate(() => this.flush());
    this.#notices.push({ path: join(folder, name), isChange: type === "change" });
  }

  #look({ path, isChange }: Notice, next: Notice | undefined, isPair: boolean): void {
    const folder = this.#folders.get(dirname(path));
    const before = folder?.entries.get(basename(path));
    const stats = readStats(path);
    if (folder === undefined || (stats === undefined && before === undefined && this.#isOwn(path))) {
      this.#lookAtRoot();
      return;
    }
    if (stats === undefined) {
      if (before === undefined) this.#tellPassing(path, isChange, next);
      // It was written before it went: that it went is told by a notice of its own.
      else if (isChange) this.#tell(path, "EVENT_TYPE_WRITE");
      else this.#leave(path, folder, before, next);
      return;
    }
    this.#passing.delete(path);
    folder.entries.set(basename(path), stats);
    if (before !== undefined && isSameEntry(before, stats)) {
      if (isChange) this.#tellChanged(path, before, stats, isPair);
      return;
    }
    if (before?.isDirectory()) this.#forget(path);
    this.#tell(path, "EVENT_TYPE_CREATE");
    if (isChange) this.#tell(path, "EVENT_TYPE_WRITE");
    this.#guard(() => this.#enterBelow(path, stats, !this.#movedFolders.has(stats.ino)));
  }

  /** What came and went before it could be looked at. */
  #tellPassing(path: string, isChange: boolean, next: Notice | undefined): void {
    if (isChange) {
      if (this.#passing.has(path)) this.#tell(path, "EVENT_TYPE_WRITE");
    } else if (this.#passing.delete(path)) {
      const target = next?.isChange === false && next.path !== path ? readStats(next.path) : undefined;
      const isMoved = target !== undefined && !this.#isKnown(next?.path ?? "", target);
      this.#tell(path, isMoved ? "EVENT_TYPE_RENAME" : "EVENT_TYPE_REMOVE");
    } else {
      this.#passing.add(path);
      this.#tell(path, "EVENT_TYPE_CREATE");
    }
  }

  #tellChanged(path: string, before: BigIntStats, stats: BigIntStats, isPair: boolean): void {
    if (stats.isDirectory() && before.mode === stats.mode && before.uid === stats.uid) return;
    const rights = before.mode !== stats.mode || before.uid !== stats.uid || before.gid !== stats.gid;
    // An empty file that stays empty was only touched.
    const empty = before.size === 0n && stats.size === 0n;
    const written = !empty && (before.mtimeNs !== stats.mtimeNs || before.size !== stats.size);
    // Without a difference it is what was already there when the name came.
    const unknown = !empty && !rights && !written && !this.#ahead.delete(path);
    if (rights && written && !isPair) this.#ahead.add(path);
    if (rights || isPair || empty) this.#tell(path, "EVENT_TYPE_CHMOD");
    if (written || unknown || isPair) this.#tell(path, "EVENT_TYPE_WRITE");
  }

  #leave(path: string, folder: Folder, before: BigIntStats, next: Notice | undefined): void {
    folder.entries.delete(basename(path));
    this.#ahead.delete(path);
    // The two notices of a move come one behind the other.
    const isMoved = next?.isChange === false && next.path !== path && readStats(next.path)?.ino === before.ino;
    if (before.isDirectory()) {
      this.#forget(path);
      if (isMoved) this.#movedFolders.add(before.ino);
    }
    this.#tell(path, isMoved ? "EVENT_TYPE_RENAME" : "EVENT_TYPE_REMOVE");
  }

  #forget(path: string): void {
    for (const [folder, { watcher }] of [...this.#folders]) {
      if (folder !== path && !folder.startsWith(`${path}/`)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
  }

  #lookAtRoot(): void {
    const { root } = this.#options;
    if (!this.#folders.has(root) || readStats(root) !== undefined) return;
    this.#forget(root);
    this.#tell(root, "EVENT_TYPE_REMOVE");
  }

  /** Whether a notice may be of a folder itself: it comes with the folder's own name, as of something in it. */
  #isOwn(path: string): boolean {
    return basename(path) === basename(dirname(path));
  }

  #isKnown(path: string, stats: BigIntStats): boolean {
    const known = this.#folders.get(dirname(path))?.entries.get(basename(path));
    return known !== undefined && isSameEntry(known, stats);
  }

  #tell(path: string, type: ChangeType): void {
    this.#options.onChange({ name: relative(this.#options.root, path) || ".", path, type });
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch {
      // The system lets no more folders be watched. The rest is still told.
    }
  }
}

function isSameEntry(one: BigIntStats, other: BigIntStats): boolean {
  return one.ino === other.ino && one.birthtimeNs === other.birthtimeNs;
}

function readStats(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
