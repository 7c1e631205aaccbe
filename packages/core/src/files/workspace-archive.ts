import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import { SandboxAbortedError, SandboxFileError } from "../errors/index.ts";
import { type ExtractedEntry, octalMode } from "./extraction.ts";
import { parentOf } from "./parent-of.ts";
import { maxPatchFileBytes, type SnapshotWriter } from "./snapshot-store.ts";
import { type TarEntryToWrite, tarEnd, tarHeaderBytes, tarPadding } from "./tar-writer.ts";

export interface WorkspaceArchiveOptions {
  /** The folder on the host, a real path. */
  readonly workspace: string;
  /** As `listWorkspace` gives them. */
  readonly paths: readonly string[];
  /** Gets the same bytes, for the patch. */
  readonly snapshot?: SnapshotWriter | undefined;
  readonly signal?: AbortSignal | undefined;
  onProgress?(message: string, done?: number, total?: number): void;
  onWarning?(code: string, message: string): void;
}

const pieceBytes = 256 * 1024;
const openForReading = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A project as a tar stream. What went into it is in `entries` once the stream has ended. */
export class WorkspaceArchive implements AsyncIterable<Uint8Array> {
  readonly entries: ExtractedEntry[] = [];
  readonly #options: WorkspaceArchiveOptions;
  readonly #folders = new Set<string>([""]);
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;

  constructor(options: WorkspaceArchiveOptions) {
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { paths, signal } = this.#options;
    let done = 0;
    for (const path of paths) {
      if (signal?.aborted) throw new SandboxAbortedError("The upload was cancelled");
      if (done % 500 === 0) this.#options.onProgress?.("uploading the workspace", done, paths.length);
      done += 1;
      this.#addFolders(parentOf(path));
      yield* this.#addEntry(path);
      if (this.#gatheredBytes >= pieceBytes) yield this.#takeGathered();
    }
    this.#gather(tarEnd);
    yield this.#takeGathered();
  }

  #addFolders(path: string): void {
    if (this.#folders.has(path)) return;
    this.#addFolders(parentOf(path));
    this.#folders.add(path);
    const there = lstatSync(join(this.#options.workspace, path));
    this.#gather(tarHeaderBytes({ path, kind: "directory", ...attributes(there), size: 0 }));
    this.entries.push({ path, kind: "directory", mode: octalMode(there.mode) });
  }

  async *#addEntry(path: string): AsyncGenerator<Uint8Array> {
    const full = join(this.#options.workspace, path);
    const there = lstatSync(full, { throwIfNoEntry: false });
    if (there?.isFile()) yield* this.#addFile(path, full);
    else if (there?.isSymbolicLink()) await this.#addSymlink(path, full, there);
    else if (there?.isDirectory()) this.#addFolders(path);
    else if (there !== undefined) this.#skip(path, "it is a device, a fifo or a socket");
  }

  async #addSymlink(path: string, full: string, there: Stats): Promise<void> {
    const bytes = readlinkSync(full, { encoding: "buffer" });
    if (!isUtf8(bytes)) return this.#skip(path, "its target is not valid UTF-8");
    const target = bytes.toString("utf8");
    this.#gather(tarHeaderBytes({ path, kind: "symlink", ...attributes(there), size: 0, target }));
    await this.#options.snapshot?.symlink(path, target);
    this.entries.push({ path, kind: "symlink", mode: "0777", target });
  }

  async *#addFile(path: string, full: string): AsyncGenerator<Uint8Array> {
    let descriptor: number;
    try {
      descriptor = openSync(full, openForReading);
    } catch (error) {
      return this.#skip(path, `it cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
    try {
      const there = fstatSync(descriptor);
      if (!there.isFile()) return this.#skip(path, "it is not a file any more");
      yield* this.#copyFile(path, descriptor, there);
    } finally {
      closeSync(descriptor);
    }
  }

  async *#copyFile(path: string, descriptor: number, there: Stats): AsyncGenerator<Uint8Array> {
    const { size, mode } = there;
    const snapshot = size <= maxPatchFileBytes ? this.#options.snapshot : undefined;
    const hash = createHash("sha256");
    this.#gather(tarHeaderBytes({ path, kind: "file", ...attributes(there), size }));
    await snapshot?.file(path, (mode & 0o100) !== 0, size);
    for (let left = size; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, pieceBytes));
      const length = readSync(descriptor, piece);
      if (length === 0) {
        throw new SandboxFileError(`${path} became shorter while it was read`, {
          retryable: true,
          hint: "Let nothing write to the project until the upload is done",
        });
      }
      const bytes = piece.subarray(0, length);
      left -= length;
      hash.update(bytes);
      await snapshot?.content(bytes);
      this.#gather(bytes);
      if (this.#gatheredBytes >= pieceBytes) yield this.#takeGathered();
    }
    this.#gather(tarPadding(size));
    this.entries.push({ path, kind: "file", mode: octalMode(mode), size, sha256: hash.digest("hex") });
  }

  #skip(path: string, reason: string): void {
    this.#options.onWarning?.("upload-skipped", `${path} was left out: ${reason}`);
  }

  #gather(bytes: Buffer): void {
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
  }

  #takeGathered(): Uint8Array {
    const bytes = Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#gatheredBytes = 0;
    return bytes;
  }
}

function attributes(there: Stats): Pick<TarEntryToWrite, "mode" | "modifiedMs"> {
  return { mode: there.mode & 0o777, modifiedMs: there.mtimeMs };
}
