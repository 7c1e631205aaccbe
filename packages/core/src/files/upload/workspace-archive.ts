import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readlinkSync, readSync, type Stats } from "node:fs";
import { join } from "node:path";
import { SandboxAbortedError, SandboxFileError } from "../../errors/index.ts";
import { safeName } from "../../text/safe-name.ts";
import { maxPatchFileBytes, type SnapshotWriter } from "../baseline/snapshot-store.ts";
import { type ExtractedEntry, octalMode } from "../extract/extraction.ts";
import { parentOf } from "../paths/parent-of.ts";
import { type TarEntryToWrite, tarEnd, tarHeaderBytes, tarPadding } from "../tar/tar-writer.ts";

export interface WorkspaceArchiveOptions {
  /** The directory on the host, a real path. */
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
  readonly #directories = new Set<string>([""]);
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
      this.#addDirectories(parentOf(path));
      yield* this.#addEntry(path);
      if (this.#gatheredBytes >= pieceBytes) yield this.#takeGathered();
    }
    this.#gather(tarEnd);
    yield this.#takeGathered();
  }

  #addDirectories(path: string): void {
    if (this.#directories.has(path)) return;
    this.#addDirectories(parentOf(path));
    this.#directories.add(path);
    const existing = lstatSync(join(this.#options.workspace, path));
    this.#gather(tarHeaderBytes({ path, kind: "directory", ...attributes(existing), size: 0 }));
    this.entries.push({ path, kind: "directory", mode: octalMode(existing.mode) });
  }

  async *#addEntry(path: string): AsyncGenerator<Uint8Array> {
    const full = join(this.#options.workspace, path);
    const existing = lstatSync(full, { throwIfNoEntry: false });
    if (existing?.isFile()) yield* this.#addFile(path, full);
    else if (existing?.isSymbolicLink()) await this.#addSymlink(path, full, existing);
    else if (existing?.isDirectory()) this.#addDirectories(path);
    else if (existing !== undefined) this.#skip(path, "it is a device, a fifo or a socket");
  }

  async #addSymlink(path: string, full: string, existing: Stats): Promise<void> {
    const bytes = readlinkSync(full, { encoding: "buffer" });
    if (!isUtf8(bytes)) return this.#skip(path, "its target is not valid UTF-8");
    const target = bytes.toString("utf8");
    this.#gather(tarHeaderBytes({ path, kind: "symlink", ...attributes(existing), size: 0, target }));
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
      const existing = fstatSync(descriptor);
      if (!existing.isFile()) return this.#skip(path, "it is not a file any more");
      yield* this.#copyFile(path, descriptor, existing);
    } finally {
      closeSync(descriptor);
    }
  }

  async *#copyFile(path: string, descriptor: number, existing: Stats): AsyncGenerator<Uint8Array> {
    const { size, mode } = existing;
    const snapshot = size <= maxPatchFileBytes ? this.#options.snapshot : undefined;
    const hash = createHash("sha256");
    this.#gather(tarHeaderBytes({ path, kind: "file", ...attributes(existing), size }));
    await snapshot?.file(path, (mode & 0o100) !== 0, size);
    for (let left = size; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, pieceBytes));
      const length = readSync(descriptor, piece);
      if (length === 0) {
        throw new SandboxFileError(`${safeName(path)} became shorter while it was read`, {
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
    this.#options.onWarning?.("upload-skipped", `${safeName(path)} was left out: ${reason}`);
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

function attributes(existing: Stats): Pick<TarEntryToWrite, "mode" | "modifiedMs"> {
  return { mode: existing.mode & 0o777, modifiedMs: existing.mtimeMs };
}
