import { createHash, type Hash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  futimesSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readlinkSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { parentOf } from "./parent-of.ts";

/** Why one entry cannot be written; the rest goes on. */
export class EntryRefusal extends Error {
  readonly reason: string;
  readonly isPastLimit: boolean;
  constructor(reason: string, isPastLimit = false) {
    super(reason);
    this.reason = reason;
    this.isPastLimit = isPastLimit;
  }
}

/** A file that is being written. */
export interface OpenFile {
  readonly path: string;
  readonly descriptor: number;
  readonly hash: Hash;
}

interface DirectoryEnd {
  readonly mode: number | undefined;
  readonly modifiedSeconds: number;
}

const createExclusively = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * The folder on the host that an archive is written into. Every way to write goes through a parent that was looked at
 * and is a real folder, and every file is made anew, so nothing is ever written through a link.
 *
 * It works synchronously: for thousands of small files that is several times faster than a promise for each step.
 */
export class ExtractionFolder {
  readonly #root: string;
  /** Folders known to be real ones, and what they shall look like at the end. */
  readonly #directories = new Map<string, DirectoryEnd>([["", { mode: undefined, modifiedSeconds: Number.NaN }]]);

  /** `root` is a real path. */
  constructor(root: string) {
    this.#root = root;
  }

  has(path: string): boolean {
    return this.#directories.has(path);
  }

  ensureDirectory(path: string): void {
    if (this.#directories.has(path)) return;
    this.ensureDirectory(parentOf(path));
    const full = this.#full(path);
    let mode: number | undefined;
    if (!attempt(() => mkdirSync(full), "EEXIST")) {
      const there = lstatSync(full);
      if (there.isSymbolicLink()) throw new EntryRefusal("a link on the disk is in the way of its folder");
      if (there.isDirectory()) {
        mode = there.mode & 0o777;
        if ((mode & 0o700) !== 0o700) chmodSync(full, mode | 0o700);
      } else {
        unlinkSync(full);
        mkdirSync(full);
      }
    }
    this.#directories.set(path, { mode, modifiedSeconds: Number.NaN });
  }

  /** Mode and time are set by `finish`, so that a folder that may not be written gets its files first. */
  directory(path: string, mode: number, modifiedSeconds: number): void {
    this.ensureDirectory(path);
    this.#directories.set(path, { mode: mode & 0o777, modifiedSeconds });
  }

  openFile(path: string): OpenFile {
    this.ensureDirectory(parentOf(path));
    const full = this.#full(path);
    let descriptor = -1;
    const open = () => {
      descriptor = openSync(full, createExclusively, 0o600);
    };
    if (!attempt(open, "EEXIST")) {
      this.#makeRoom(full);
      open();
    }
    return { path, descriptor, hash: createHash("sha256") };
  }

  write(file: OpenFile, bytes: Buffer): void {
    file.hash.update(bytes);
    for (let offset = 0; offset < bytes.length; ) offset += writeSync(file.descriptor, bytes, offset);
  }

  /** Gives the file its mode and time, and returns its content's SHA-256. */
  closeFile(file: OpenFile, mode: number, modifiedSeconds: number): string {
    try {
      if (isTime(modifiedSeconds)) futimesSync(file.descriptor, modifiedSeconds, modifiedSeconds);
      fchmodSync(file.descriptor, mode & 0o777);
    } catch (error) {
      // Some disks have no modes (FAT, some network shares): there the content is what can be kept.
      if (!["EPERM", "ENOTSUP", "ENOSYS"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
    closeSync(file.descriptor);
    return file.hash.digest("hex");
  }

  /** Lets go of a file that did not become whole. */
  dropFile(file: OpenFile): void {
    closeSync(file.descriptor);
    unlinkSync(this.#full(file.path));
  }

  copyFile(from: string, to: string): void {
    this.ensureDirectory(parentOf(to));
    const copy = () => copyFileSync(this.#full(from), this.#full(to), constants.COPYFILE_EXCL);
    if (attempt(copy, "EEXIST")) return;
    this.#makeRoom(this.#full(to));
    copy();
  }

  symlink(path: string, target: string, modifiedSeconds: number): void {
    const full = this.#full(path);
    if (!attempt(() => symlinkSync(target, full), "EEXIST")) {
      this.#makeRoom(full);
      symlinkSync(target, full);
    }
    if (isTime(modifiedSeconds)) lutimesSync(full, modifiedSeconds, modifiedSeconds);
  }

  modeOf(path: string): number {
    return lstatSync(this.#full(path)).mode;
  }

  remove(path: string): void {
    unlinkSync(this.#full(path));
  }

  /** The target of a link that was on the disk before. */
  linkOnDisk(path: string): string | undefined {
    try {
      return readlinkSync(this.#full(path));
    } catch {
      // Not a link, not there, or a name that no disk holds: nothing that could be followed.
      return undefined;
    }
  }

  /** Gives the folders their modes and times, the deepest first. Returns those where it failed. */
  finish(): string[] {
    const failed: string[] = [];
    for (const path of [...this.#directories.keys()].sort().reverse()) {
      const end = this.#directories.get(path);
      if (end === undefined || path === "") continue;
      try {
        if (isTime(end.modifiedSeconds)) utimesSync(this.#full(path), end.modifiedSeconds, end.modifiedSeconds);
        if (end.mode !== undefined) chmodSync(this.#full(path), end.mode);
      } catch {
        failed.push(path);
      }
    }
    return failed;
  }

  /** An earlier collection's file or link gives way; a folder never does. */
  #makeRoom(full: string): void {
    if (lstatSync(full).isDirectory()) throw new EntryRefusal("a folder on the disk is in its place");
    unlinkSync(full);
  }

  #full(path: string): string {
    return `${this.#root}/${path}`;
  }
}

/** False when it failed with the expected code. */
function attempt(action: () => void, code: string): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === code) return false;
    throw error;
  }
}

/** Times that no file system has are left out. */
function isTime(seconds: number): boolean {
  return seconds > -(2 ** 31) && seconds < 2 ** 34;
}
