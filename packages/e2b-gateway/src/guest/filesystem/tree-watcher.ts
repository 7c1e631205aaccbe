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
    for (let index = 0; index < notices.length; index += 1) {
      const notice = notices[index];
      if (notice === undefined) continue;
      // Equal notices in a row come as one: a second one behind the first is of the other kind.
      const isPair =
        notice.isChange && notices[index + 1]?.isChange === true && notices[index + 1]?.path === notice.path;
      if (isPair) index += 1;
      this.#look(notice, isPair, notices);
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

  #look({ path, isChange }: Notice, isPair: boolean, notices: readonly Notice[]): void {
    const folder = this.#folders.get(dirname(path));
    const name = basename(path);
    if (folder === undefined) {
      this.#lookAtRoot(path);
      return;
    }
    const before = folder.entries.get(name);
    const stats = readStats(path);
    if (stats === undefined) {
      if (before !== undefined) this.#leave(path, folder, before, notices);
      else if (dirname(path) === this.#options.root) this.#lookAtRoot(path);
      return;
    }
    folder.entries.set(name, stats);
    const isSame = before !== undefined && before.ino === stats.ino && before.birthtimeNs === stats.birthtimeNs;
    if (isSame) {
      if (isChange) this.#tellChanged(path, before, stats, isPair);
      return;
    }
    if (before?.isDirectory()) this.#forget(path);
    this.#tell(path, "EVENT_TYPE_CREATE");
    if (isChange) this.#tell(path, "EVENT_TYPE_WRITE");
    this.#guard(() => this.#enterBelow(path, stats, true));
  }

  #tellChanged(path: string, before: BigIntStats, stats: BigIntStats, isPair: boolean): void {
    if (stats.isDirectory() && before.mode === stats.mode && before.uid === stats.uid) return;
    const rights = before.mode !== stats.mode || before.uid !== stats.uid || before.gid !== stats.gid;
    // An empty file that stays empty was only touched.
    const empty = before.size === 0n && stats.size === 0n;
    const written = !empty && (before.mtimeNs !== stats.mtimeNs || before.size !== stats.size);
    // Without a difference it is what was already there when the name came.
    const unknown = !empty && !rights && !written;
    if (rights || isPair || !(written || unknown)) this.#tell(path, "EVENT_TYPE_CHMOD");
    if (written || unknown || isPair) this.#tell(path, "EVENT_TYPE_WRITE");
  }

  #leave(path: string, folder: Folder, before: BigIntStats, notices: readonly Notice[]): void {
    folder.entries.delete(basename(path));
    const isMoved = notices.some(
      (other) => !other.isChange && other.path !== path && readStats(other.path)?.ino === before.ino,
    );
    if (before.isDirectory()) this.#forget(path);
    this.#tell(path, isMoved ? "EVENT_TYPE_RENAME" : "EVENT_TYPE_REMOVE");
  }

  #forget(path: string): void {
    for (const [folder, { watcher }] of [...this.#folders]) {
      if (folder !== path && !folder.startsWith(`${path}/`)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
  }

  #lookAtRoot(path: string): void {
    const { root } = this.#options;
    if (basename(path) !== basename(root) || !this.#folders.has(root) || readStats(root) !== undefined) return;
    this.#forget(root);
    this.#tell(root, "EVENT_TYPE_REMOVE");
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

function readStats(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
