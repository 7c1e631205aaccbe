import { createHash, type Hash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  ftruncateSync,
  futimesSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { isBareRepository, isVersionControl } from "../../host-files/version-control.ts";
import { parentOf } from "../paths/parent-of.ts";
import { DirectoryHandles } from "./directory-handles.ts";
import type { ExistingEntry, ExtractedEntry } from "./extraction.ts";

/** Why one entry cannot be written; the rest continues. */
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
  /** Where its content is written; a file can get its name later. */
  readonly place: string;
  readonly descriptor: number;
  readonly hash: Hash;
  /** Of what was written by now. */
  size: number;
}

interface DirectoryEnd {
  readonly mode: number | undefined;
  readonly modifiedSeconds: number;
}

const blockBytes = 4096;
const zeros = Buffer.alloc(blockBytes);
const createExclusively = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * The directory on the host that an archive is written into. Every way to write goes through a parent that was looked at
 * and is a real directory, and every file is created new, so nothing is ever written through a link.
 *
 * It works synchronously: for thousands of small files that is several times faster than a promise for each step.
 */
export class ExtractionDirectory {
  readonly #root: DirectoryHandles;
  readonly #existing: (path: string) => ExistingEntry;
  /** What was there before in the place of what was written, by path. */
  readonly replaced = new Map<string, ExtractedEntry>();
  /** Directories known to be real ones, and what they shall look like at the end. */
  readonly #directories = new Map<string, DirectoryEnd>([["", { mode: undefined, modifiedSeconds: Number.NaN }]]);

  /** `root` is a real path; `existing` says what may become of something that is there already. */
  constructor(root: string, existing: (path: string) => ExistingEntry = () => ({ mayReplace: true })) {
    this.#root = new DirectoryHandles(root);
    this.#existing = existing;
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
      const existing = lstatSync(full);
      if (existing.isSymbolicLink()) throw new EntryRefusal("a link on the disk is in the way of its directory");
      if (existing.isDirectory()) {
        refuseRepository(path, full);
        mode = existing.mode & 0o777;
        if ((mode & 0o700) !== 0o700) chmodSync(full, mode | 0o700);
        const { before } = this.#existing(path);
        if (before !== undefined) this.replaced.set(path, before);
      } else {
        this.#makeRoom(path);
        mkdirSync(full);
      }
    }
    this.#directories.set(path, { mode, modifiedSeconds: Number.NaN });
  }

  /** Mode and time are set by `finish`, so that a directory that may not be written gets its files first. */
  directory(path: string, mode: number, modifiedSeconds: number): void {
    this.ensureDirectory(path);
    this.#directories.set(path, { mode: mode & 0o777 & ~process.umask(), modifiedSeconds });
  }

  openFile(path: string, place = path): OpenFile {
    this.ensureDirectory(parentOf(place));
    const full = this.#full(place);
    let descriptor = -1;
    const open = () => {
      descriptor = openSync(full, createExclusively, 0o600);
    };
    if (!attempt(open, "EEXIST")) {
      this.#makeRoom(place);
      open();
    }
    return { path, place, descriptor, hash: createHash("sha256"), size: 0 };
  }

  write(file: OpenFile, bytes: Buffer): void {
    file.hash.update(bytes);
    // Zeros are left out, so that a sparse file takes no more room here than it took inside.
    let from = 0;
    for (let at = 0; at < bytes.length; at += blockBytes) {
      const block = bytes.subarray(at, at + blockBytes);
      if (!block.equals(zeros.subarray(0, block.length))) continue;
      writeAt(file.descriptor, bytes.subarray(from, at), file.size + from);
      from = at + block.length;
    }
    writeAt(file.descriptor, bytes.subarray(from), file.size + from);
    file.size += bytes.length;
  }

  /** Gives the file its mode and time, and returns its content's SHA-256. */
  closeFile(file: OpenFile, mode: number, modifiedSeconds: number): string {
    // Zeros at the end are no part of the file yet.
    ftruncateSync(file.descriptor, file.size);
    try {
      if (isTime(modifiedSeconds)) futimesSync(file.descriptor, modifiedSeconds, modifiedSeconds);
      fchmodSync(file.descriptor, mode & 0o777 & ~process.umask());
    } catch (error) {
      // Some disks have no modes (FAT, some network shares): there the content is what can be kept.
      if (!["EPERM", "ENOTSUP", "ENOSYS"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
    closeSync(file.descriptor);
    return file.hash.digest("hex");
  }

  /** Releases a file that did not become whole. */
  dropFile(file: OpenFile): void {
    closeSync(file.descriptor);
    unlinkSync(this.#full(file.place));
  }

  copyFile(from: string, to: string): void {
    this.ensureDirectory(parentOf(to));
    const copy = () => copyFileSync(this.#full(from), this.#full(to), constants.COPYFILE_EXCL);
    if (attempt(copy, "EEXIST")) return;
    this.#makeRoom(to);
    copy();
  }

  symlink(path: string, target: string, modifiedSeconds: number): void {
    const full = this.#full(path);
    if (!attempt(() => symlinkSync(target, full), "EEXIST")) {
      this.#makeRoom(path);
      symlinkSync(target, full);
    }
    if (isTime(modifiedSeconds)) lutimesSync(full, modifiedSeconds, modifiedSeconds);
  }

  modeOf(path: string): number {
    return lstatSync(this.#full(path)).mode;
  }

  /** Gives a file its name. What has that name gives way. */
  rename(from: string, to: string): void {
    const full = this.#full(to);
    if (lstatSync(full, { throwIfNoEntry: false }) !== undefined) this.#makeRoom(to);
    renameSync(this.#full(from), full);
  }

  /** Also asked of a path whose directory is still to be made: nothing is in that. */
  exists(path: string): boolean {
    return attempt(() => lstatSync(this.#full(path)), "ENOENT", "ENOTDIR", "ELOOP");
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

  /** Gives the directories their modes and times, the deepest first. Returns those where it failed. */
  finish(): string[] {
    const failed: string[] = [];
    for (const path of [...this.#directories.keys()].sort().reverse()) {
      const end = this.#directories.get(path);
      if (end === undefined || path === "") continue;
      try {
        if (isTime(end.modifiedSeconds)) utimesSync(this.#root.path(path), end.modifiedSeconds, end.modifiedSeconds);
        if (end.mode !== undefined) chmodSync(this.#root.path(path), end.mode);
      } catch {
        failed.push(path);
      }
    }
    this.#root.close();
    return failed;
  }

  /** A file or link that may be replaced gives way; a directory never does. */
  #makeRoom(path: string): void {
    const full = this.#full(path);
    if (lstatSync(full).isDirectory()) throw new EntryRefusal("a directory on the disk is in its place");
    const { mayReplace, before } = this.#existing(path);
    if (!mayReplace) throw new EntryRefusal("a file that no run wrote is in its place");
    if (before !== undefined) this.replaced.set(path, before);
    unlinkSync(full);
  }

  /** Through the directory that was looked at, whatever has taken its name since. */
  #full(path: string): string {
    const at = path.lastIndexOf("/");
    return `${this.#root.path(parentOf(path))}/${path.slice(at + 1)}`;
  }
}

function writeAt(descriptor: number, bytes: Buffer, position: number): void {
  for (let offset = 0; offset < bytes.length; )
    offset += writeSync(descriptor, bytes, offset, bytes.length - offset, position + offset);
}

/** What a run writes into a repository that is there would be run by the next command. */
function refuseRepository(path: string, full: string): void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (isVersionControl(name)) throw new EntryRefusal(`${name} is there already, and is not written into`);
  if (isBareRepository(readdirSync(full))) throw new EntryRefusal("its directory is a git repository of this machine");
}

/** False when it failed with the expected code. */
function attempt(action: () => void, ...codes: readonly string[]): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (codes.includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** Times that no file system has are left out. */
function isTime(seconds: number): boolean {
  return seconds > -(2 ** 31) && seconds < 2 ** 34;
}
