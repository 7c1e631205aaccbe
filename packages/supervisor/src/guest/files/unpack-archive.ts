import {
  chmodSync,
  closeSync,
  fchmodSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { extract, type Header } from "tar-stream";
import type { HelperInput } from "./helper-input.ts";
import { writeAll } from "./write-all.ts";
import { ZeroRun } from "./zero-run.ts";

/** The zero bytes that end an archive; one without them was cut between two entries. */
const endMarkBytes = 1024;

/** Unpacks a tar stream below the directory. Throws when it ends early, and on what would lie outside. */
export async function unpackArchive(directory: string, input: HelperInput): Promise<void> {
  mkdirSync(directory, { recursive: true });
  if (!lstatSync(directory).isDirectory()) throw new Error(`${directory} is a link and not a directory`);
  const unpacker = new ArchiveUnpacker(directory);
  const archive = extract();
  const trailing = new ZeroRun();
  let entry = Promise.resolve();
  const done = new Promise<void>((resolve, reject) => {
    archive.on("entry", (header, body, next) => {
      entry = unpacker.entry(header, body);
      // An entry that fails in the middle of its body takes the stream with it, which then says nothing.
      entry.then(() => next(), reject);
    });
    archive.on("finish", resolve);
    archive.on("error", reject);
  });
  done.catch(() => {});
  for (let piece = input.piece(); piece !== undefined; piece = input.piece()) {
    trailing.add(piece);
    const taken = archive.write(piece);
    if (!taken) await Promise.race([new Promise<void>((resolve) => archive.once("drain", () => resolve())), done]);
  }
  archive.end(null);
  await done;
  // The stream is taken for finished when its bytes are read; the last entry may still be written.
  await entry;
  if (trailing.length - unpacker.lastEntryZeros < endMarkBytes) throw new Error("the archive ended early");
  unpacker.finish();
}

type EntryBody = AsyncIterable<unknown> & { resume(): unknown };

class ArchiveUnpacker {
  /** The zero bytes with which the last entry itself ends. */
  lastEntryZeros = 0;
  readonly #root: string;
  /** Directories of this archive: known to be real ones, their modes and times set last. */
  readonly #directories = new Map<string, Header | undefined>();

  constructor(root: string) {
    this.#root = root;
  }

  async entry(header: Header, body: EntryBody): Promise<void> {
    const zeros = new ZeroRun();
    const path = inside(header.name);
    const target = join(this.#root, path);
    if (header.type === "directory") {
      this.#directory(path, header);
      body.resume();
    } else {
      this.#directory(dirname(path), undefined);
      clear(target);
      if (header.type === "file" || header.type === "contiguous-file") await writeEntry(target, header, body, zeros);
      else if (header.type === "symlink") symlinkSync(header.linkname ?? "", target);
      else throw new Error(`${header.name} is a ${header.type ?? "thing"} and cannot be unpacked`);
      body.resume();
    }
    zeros.addZeros((512 - ((header.size ?? 0) % 512)) % 512);
    this.lastEntryZeros = zeros.length;
  }

  finish(): void {
    for (const [path, header] of [...this.#directories].reverse()) {
      if (header === undefined) continue;
      const directory = join(this.#root, path);
      if (header.mtime !== undefined) utimesSync(directory, header.mtime, header.mtime);
      chmodSync(directory, (header.mode ?? 0o755) & 0o7777);
    }
  }

  /** Makes the directory and those above it real ones: a link or a file in their place is replaced, never followed. */
  #directory(path: string, header: Header | undefined): void {
    if (path === ".") return;
    if (!this.#directories.has(path)) {
      this.#directory(dirname(path), undefined);
      const directory = join(this.#root, path);
      if (lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) {
        clear(directory);
        mkdirSync(directory, 0o755);
      }
      this.#directories.set(path, header);
    } else if (header !== undefined) {
      this.#directories.set(path, header);
    }
  }
}

async function writeEntry(path: string, header: Header, body: EntryBody, zeros: ZeroRun): Promise<void> {
  const file = openSync(path, "wx", 0o600);
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      zeros.add(piece);
      writeAll(file, piece);
    }
    if (header.mtime !== undefined) futimesSync(file, header.mtime, header.mtime);
    fchmodSync(file, (header.mode ?? 0o644) & 0o7777);
  } finally {
    closeSync(file);
  }
}

/** What lies in the way goes, a whole directory included. */
function clear(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** The entry's path below the directory, without `.` and double slashes. */
function inside(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || parts.includes("..")) throw new Error(`${name} lies outside of the directory`);
  return parts.length === 0 ? "." : parts.join("/");
}
