import {
  chmodSync,
  closeSync,
  type Dirent,
  fstatSync,
  lstatSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from "node:fs";
import { type Header, type Pack, pack } from "tar-stream";
import { excludeRule } from "../../protocol/exclude-rule.ts";
import { openFile } from "./read-file.ts";
import { decodeUtf8, escapeBytes } from "./utf8-name.ts";
import { writeAll } from "./write-all.ts";

const pieceBytes = 1024 * 1024;
const latestMtimeMs = (2 ** 31 - 1) * 1000;

/** The pax record that says why an entry holds nothing, or why what an earlier entry of the same path holds is not to be used. */
const skippedRecord = "GLOVEBOX.skipped";

/** The directory as a tar stream to standard output. */
export async function packArchive(directory: string, exclude: readonly string[]): Promise<void> {
  const found = lstatSync(directory);
  if (!found.isDirectory()) throw new Error(`${directory} is not a directory`);
  // The user can have locked the whole directory, which is the user's own: what is in it would be lost.
  if ((found.mode & 0o500) !== 0o500 && found.uid === process.getuid?.()) chmodSync(directory, found.mode | 0o500);
  const archive = pack();
  archive.on("data", (chunk) => writeAll(1, chunk as Buffer));
  const done = new Promise<void>((resolve, reject) => {
    archive.on("end", resolve);
    archive.on("error", reject);
  });
  await new ArchivePacker(archive, directory, exclude).run();
  archive.finalize();
  await done;
}

type EntryHeader = Partial<Header> & Pick<Header, "name">;

class ArchivePacker {
  readonly #archive: Pack;
  readonly #root: string;
  readonly #excluded: (path: string, name: string) => boolean;

  constructor(archive: Pack, root: string, exclude: readonly string[]) {
    this.#archive = archive;
    this.#root = root;
    this.#excluded = excludeRule(exclude);
  }

  async run(): Promise<void> {
    const entries = readdirSync(this.#root, { encoding: "buffer", withFileTypes: true });
    await this.#entries("", entries);
  }

  async #entries(path: string, entries: readonly Dirent<Buffer>[]): Promise<void> {
    for (const entry of [...entries].sort((a, b) => Buffer.compare(a.name, b.name))) {
      const name = decodeUtf8(entry.name);
      const below = path === "" ? "" : `${path}/`;
      if (name === undefined) {
        await this.#skip(below + escapeBytes(entry.name), "its name is not valid UTF-8");
      } else if (!this.#excluded(below + name, name)) {
        await this.#entry(below + name);
      }
    }
  }

  async #entry(path: string): Promise<void> {
    let reason: string | undefined;
    try {
      const found = lstatSync(`${this.#root}/${path}`);
      if (found.isFile()) reason = await this.#file(path, found);
      else if (found.isDirectory()) return await this.#directory(path, found);
      else if (found.isSymbolicLink()) reason = await this.#link(path, found);
      else reason = "it is a device, a fifo or a socket";
    } catch (error) {
      // A pipe that nobody reads is the end of the archive, not a fault of this entry.
      if ((error as NodeJS.ErrnoException).code === "EPIPE") throw error;
      reason = `it cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`;
    }
    if (reason !== undefined) await this.#skip(path, reason);
  }

  async #directory(path: string, found: Stats): Promise<void> {
    const entries = readdirSync(`${this.#root}/${path}`, { encoding: "buffer", withFileTypes: true });
    await this.#put({ ...common(path, found), type: "directory", size: 0 });
    await this.#entries(path, entries);
  }

  async #link(path: string, found: Stats): Promise<string | undefined> {
    const target = decodeUtf8(readlinkSync(`${this.#root}/${path}`, "buffer"));
    if (target === undefined) return "the link's target is not valid UTF-8";
    await this.#put({ ...common(path, found), type: "symlink", linkname: target, size: 0 });
    return undefined;
  }

  /** Gives the reason when what was sent is not the file as it was at one moment. */
  async #file(path: string, seen: Stats): Promise<string | undefined> {
    const file = openFile(`${this.#root}/${path}`);
    try {
      const before = fstatSync(file);
      const header: EntryHeader = { ...common(path, seen), type: "file", size: before.size };
      const small = before.size <= pieceBytes;
      const whole = small ? await this.#sendSmall(file, header) : await this.#sendLarge(file, header);
      const after = fstatSync(file);
      const same = before.mtimeMs === after.mtimeMs && before.size === after.size;
      return whole && same ? undefined : "changed while it was read";
    } finally {
      closeSync(file);
    }
  }

  async #sendSmall(file: number, header: EntryHeader): Promise<boolean> {
    const size = header.size ?? 0;
    const content = Buffer.alloc(size);
    const whole = fill(file, content) === size;
    if (whole) await this.#put(header, content);
    return whole;
  }

  /** The size is announced before the bytes are read: what is missing of it comes as zeros. */
  async #sendLarge(file: number, header: EntryHeader): Promise<boolean> {
    let whole = true;
    await new Promise<void>((resolve, reject) => {
      const entry = this.#archive.entry(header, (error) => (error ? reject(error) : resolve()));
      const send = async (): Promise<void> => {
        for (let left = header.size ?? 0; left > 0; ) {
          const piece = Buffer.allocUnsafeSlow(Math.min(left, pieceBytes));
          const read = fill(file, piece);
          if (read < piece.length) {
            piece.fill(0, read);
            whole = false;
          }
          left -= piece.length;
          if (!entry.write(piece)) await new Promise<void>((drained) => entry.once("drain", () => drained()));
        }
        entry.end(null);
      };
      send().catch(reject);
    });
    return whole;
  }

  async #skip(path: string, reason: string): Promise<void> {
    const header: EntryHeader = { name: path, type: "file", size: 0, mode: 0o644, mtime: new Date(0) };
    await this.#put({ ...header, pax: { [skippedRecord]: reason } });
  }

  async #put(header: EntryHeader, content?: Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error | null): void => (error ? reject(error) : resolve());
      if (content === undefined || content.length === 0) this.#archive.entry(header, done).end(null);
      else this.#archive.entry(header, content, done);
    });
  }
}

function common(path: string, found: Stats): { name: string; mode: number; mtime: Date; uid: number; gid: number } {
  const mtime = new Date(Math.min(Math.max(found.mtimeMs, 0), latestMtimeMs));
  return { name: path, mode: found.mode & 0o7777, mtime, uid: found.uid, gid: found.gid };
}

/** Reads until the buffer is full or the file ends. */
function fill(file: number, buffer: Buffer): number {
  let filled = 0;
  for (let read = 1; read > 0 && filled < buffer.length; filled += read) {
    read = readSync(file, buffer, filled, buffer.length - filled, null);
  }
  return filled;
}
