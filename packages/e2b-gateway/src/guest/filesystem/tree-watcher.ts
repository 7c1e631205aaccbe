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
  /** Below the directory that is watched; `.` for itself. */
  readonly name: string;
  readonly path: string;
  readonly type: ChangeType;
}

export interface TreeWatcherOptions {
  readonly root: string;
  readonly recursive: boolean;
  readonly onChange: (change: Change) => void;
}

/** Some steps of the kernel's clock: entries of this age may share their time of birth with another one. */
const youngNs = 20_000_000n;

interface Notice {
  readonly path: string;
  readonly isChange: boolean;
}

/** A name that came with the notice behind that of another's going: the other end of a move, or a new entry. */
interface Arrival {
  readonly path: string;
  readonly stats: BigIntStats;
  /** By all that can be seen, it was made there and nothing was moved to it. */
  readonly isNew: boolean;
}

interface Directory {
  readonly watcher: FSWatcher;
  readonly entries: Map<string, BigIntStats>;
}

/**
 * Watches a directory and optionally those below it. Node reports that a name appeared or disappeared, or that its file
 * changed; comparing the disk with its previous state shows which of the five kinds of change it was.
 */
export class TreeWatcher {
  readonly #options: TreeWatcherOptions;
  readonly #directories = new Map<string, Directory>();
  /** Paths that were reported as created, although they were gone by then. */
  readonly #passing = new Set<string>();
  /** Paths reported as written because of a notice about their permissions: the notice of the write is still to come. */
  readonly #ahead = new Set<string>();
  /** Moved directories: their entries are not new at the destination. */
  readonly #movedDirectories = new Set<bigint>();
  #notices: Notice[] = [];

  /** Watches from here on. Throws when the directory cannot be watched. */
  constructor(options: TreeWatcherOptions) {
    this.#options = options;
    this.#enter(options.root, false);
  }

  close(): void {
    for (const { watcher } of this.#directories.values()) watcher.close();
    this.#directories.clear();
    this.#notices = [];
  }

  /** Reports what has happened up to this moment, as far as the kernel has reported it. */
  flush(): void {
    const notices = this.#notices;
    this.#notices = [];
    this.#movedDirectories.clear();
    for (let index = 0; index < notices.length; index += 1) {
      const [notice, next] = [notices[index], notices[index + 1]];
      if (notice === undefined) continue;
      // Equal notices in a row come as one: a second one behind the first is of the other kind.
      const isPair = notice.isChange && next?.isChange === true && next.path === notice.path;
      if (isPair) index += 1;
      this.#look(notice, isPair ? undefined : this.#arrival(notice, next, notices[index + 2]), isPair);
    }
  }

  /** Begins to watch, then reads what is in the directory: what comes in between is noticed too. */
  #enter(path: string, isNew: boolean): void {
    const watcher = watch(path, { persistent: false }, (type, name) => this.#notice(path, type, name));
    watcher.on("error", () => {});
    const entries = new Map<string, BigIntStats>();
    this.#directories.set(path, { watcher, entries });
    for (const name of readdirSync(path)) {
      const stats = readStats(join(path, name));
      if (stats === undefined) continue;
      entries.set(name, stats);
      if (isNew) this.#tell(join(path, name), "EVENT_TYPE_CREATE");
      this.#enterBelow(join(path, name), stats, isNew);
    }
  }

  #enterBelow(path: string, stats: BigIntStats, isNew: boolean): void {
    if (!this.#options.recursive || !stats.isDirectory() || this.#directories.has(path)) return;
    try {
      this.#enter(path, isNew);
    } catch (error) {
      // Gone again. Anything else is a limit of the system, which a client has to hear of.
      if (!["ENOENT", "ENOTDIR"].includes(errorCode(error))) throw error;
    }
  }

  #notice(directory: string, type: string, name: string | null): void {
    if (name === null) return;
    // Notices come one by one: those that have come together are looked at together.
    if (this.#notices.length === 0) setImmediate(() => this.flush());
    this.#notices.push({ path: join(directory, name), isChange: type === "change" });
  }

  /** The two notices of a move come one behind the other; so do those of a removal and of what is made next. */
  #arrival({ path }: Notice, next: Notice | undefined, afterNext: Notice | undefined): Arrival | undefined {
    if (next === undefined || next.isChange || next.path === path) return undefined;
    const stats = readStats(next.path);
    const isChanged = afterNext?.isChange === true && afterNext.path === next.path;
    return stats && { path: next.path, stats, isNew: isNewEntry(stats, isChanged) };
  }

  #look({ path, isChange }: Notice, next: Arrival | undefined, isPair: boolean): void {
    const directory = this.#directories.get(dirname(path));
    const before = directory?.entries.get(basename(path));
    const stats = readStats(path);
    if (directory === undefined || (stats === undefined && before === undefined && this.#isOwn(path))) {
      this.#lookAtRoot();
      return;
    }
    if (stats === undefined) {
      if (before === undefined) this.#tellPassing(path, isChange, next);
      // It was written before it was removed: the removal has a notice of its own.
      else if (isChange) this.#tell(path, "EVENT_TYPE_WRITE");
      else this.#leave(path, directory, before, next);
      return;
    }
    this.#passing.delete(path);
    directory.entries.set(basename(path), stats);
    if (before !== undefined && isSameEntry(before, stats)) {
      if (isChange) this.#tellChanged(path, before, stats, isPair);
      return;
    }
    if (before?.isDirectory()) this.#forget(path);
    this.#tell(path, "EVENT_TYPE_CREATE");
    if (isChange) this.#tell(path, "EVENT_TYPE_WRITE");
    this.#guard(() => this.#enterBelow(path, stats, !this.#movedDirectories.has(stats.ino)));
  }

  /** What came and went before it could be looked at. */
  #tellPassing(path: string, isChange: boolean, next: Arrival | undefined): void {
    if (isChange) {
      if (this.#passing.has(path)) this.#tell(path, "EVENT_TYPE_WRITE");
    } else if (this.#passing.delete(path)) {
      const isMoved = next !== undefined && !next.isNew && !this.#isKnown(next.path, next.stats);
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

  #leave(path: string, directory: Directory, before: BigIntStats, next: Arrival | undefined): void {
    directory.entries.delete(basename(path));
    this.#ahead.delete(path);
    // What is made next often gets the inode of what was removed; made in the same step of the clock, its time of birth too.
    const isOther = next?.isNew === true && isYoung(next.stats);
    const isMoved = next !== undefined && !isOther && isSameEntry(before, next.stats);
    if (before.isDirectory()) {
      this.#forget(path);
      if (isMoved) this.#movedDirectories.add(before.ino);
    }
    this.#tell(path, isMoved ? "EVENT_TYPE_RENAME" : "EVENT_TYPE_REMOVE");
  }

  #forget(path: string): void {
    for (const [directory, { watcher }] of [...this.#directories]) {
      if (directory !== path && !directory.startsWith(`${path}/`)) continue;
      watcher.close();
      this.#directories.delete(directory);
    }
  }

  #lookAtRoot(): void {
    const { root } = this.#options;
    if (!this.#directories.has(root) || readStats(root) !== undefined) return;
    this.#forget(root);
    this.#tell(root, "EVENT_TYPE_REMOVE");
  }

  /** Whether a notice may be of a directory itself: it comes with the directory's own name, as of something in it. */
  #isOwn(path: string): boolean {
    return basename(path) === basename(dirname(path));
  }

  #isKnown(path: string, stats: BigIntStats): boolean {
    const known = this.#directories.get(dirname(path))?.entries.get(basename(path));
    return known !== undefined && isSameEntry(known, stats);
  }

  #tell(path: string, type: ChangeType): void {
    this.#options.onChange({ name: relative(this.#options.root, path) || ".", path, type });
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch {
      // The system allows no more watches. The other directories are still watched.
    }
  }
}

function isSameEntry(one: BigIntStats, other: BigIntStats): boolean {
  return one.ino === other.ino && one.birthtimeNs === other.birthtimeNs;
}

/**
 * Whether an entry was made where it is: a notice of a change to its content follows, or it has none. A move brings content along
 * without such a notice, and sets the time of the entry's last change alone.
 */
function isNewEntry(stats: BigIntStats, isChanged: boolean): boolean {
  return isChanged || (stats.ctimeNs === stats.mtimeNs && (stats.size === 0n || stats.isDirectory()));
}

function isYoung({ ctimeNs, birthtimeNs }: BigIntStats): boolean {
  return ctimeNs - birthtimeNs <= youngNs;
}

function readStats(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
