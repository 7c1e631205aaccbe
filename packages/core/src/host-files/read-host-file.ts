import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync } from "node:fs";
import { type FileHandle, lstat, open, stat } from "node:fs/promises";
import { InvalidOptionsError } from "../errors/index.ts";
import { decodeText } from "./decode-text.ts";
import { isAbsent, refuseOtherThanFile, unreadable } from "./file-kind.ts";

/** How a file of the host is read. Every option may be left out. */
export interface ReadHostFileOptions {
  /** A larger file is refused, in bytes. Default: 1 MiB. */
  readonly maxBytes?: number;
  /** Refuses a symbolic link in the place of the file. Links above it are followed. */
  readonly noFollow?: boolean;
}

const defaultMaxBytes = 1024 * 1024;
const pieceBytes = 256 * 1024;

/**
 * Reads a file of the host whose path a stranger may have shaped. Resolves to `undefined` when nothing is there. Throws
 * `invalid-options` when it is no regular file (a pipe, a device, a socket, a directory), cannot be read, or is larger
 * than `maxBytes`. It never waits for another process, and a file that has no end is cut at the bound. The null device
 * counts as an empty file.
 */
export async function readHostFile(
  path: string | Buffer,
  options: ReadHostFileOptions = {},
): Promise<Buffer | undefined> {
  const handle = await openHostFile(path, options);
  if (handle === undefined) return undefined;
  try {
    const bound = options.maxBytes ?? defaultMaxBytes;
    const pieces: Buffer[] = [];
    for (let size = 0; ; ) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, bound + 1 - size));
      const { bytesRead } = await handle.read(piece, 0, piece.length);
      if (bytesRead === 0) return Buffer.concat(pieces);
      size += bytesRead;
      if (size > bound) throw tooLarge(path, bound);
      pieces.push(piece.subarray(0, bytesRead));
    }
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    await handle.close();
  }
}

/** As {@link readHostFile}, and decodes it as {@link decodeText} does. */
export async function readHostText(path: string, options: ReadHostFileOptions = {}): Promise<string | undefined> {
  const bytes = await readHostFile(path, options);
  return bytes === undefined ? undefined : decodeText(bytes, path);
}

/** As {@link readHostFile}, for where nothing may be awaited. */
export function readHostFileSync(path: string, options: ReadHostFileOptions = {}): Buffer | undefined {
  const descriptor = openHostFileSync(path, options);
  if (descriptor === undefined) return undefined;
  try {
    const bound = options.maxBytes ?? defaultMaxBytes;
    const pieces: Buffer[] = [];
    for (let size = 0; ; ) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, bound + 1 - size));
      const bytesRead = readSync(descriptor, piece);
      if (bytesRead === 0) return Buffer.concat(pieces);
      size += bytesRead;
      if (size > bound) throw tooLarge(path, bound);
      pieces.push(piece.subarray(0, bytesRead));
    }
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    closeSync(descriptor);
  }
}

/** As {@link readHostText}, for where nothing may be awaited. */
export function readHostTextSync(path: string, options: ReadHostFileOptions = {}): string | undefined {
  const bytes = readHostFileSync(path, options);
  return bytes === undefined ? undefined : decodeText(bytes, path);
}

/**
 * The content of a file of any size, in pieces, up to the size that it has when it is opened. Throws as
 * {@link readHostFile} does, and `invalid-options` when nothing is there.
 */
export async function* streamHostFile(
  path: string,
  options: Pick<ReadHostFileOptions, "noFollow"> & { readonly start?: number } = {},
): AsyncGenerator<Buffer, void> {
  const handle = await openHostFile(path, options);
  if (handle === undefined) throw new InvalidOptionsError(`${path} does not exist`);
  try {
    const { size } = await handle.stat();
    for (let at = options.start ?? 0; at < size; ) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, size - at));
      const { bytesRead } = await handle.read(piece, 0, piece.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    await handle.close();
  }
}

/** A regular file, open for reading; `undefined` when nothing is there. The caller closes it. */
export async function openHostFile(
  path: string | Buffer,
  options: Pick<ReadHostFileOptions, "noFollow"> = {},
): Promise<FileHandle | undefined> {
  let handle: FileHandle | undefined;
  try {
    // Looks first: to open a device can already do something.
    refuseOtherThanFile(path, await (options.noFollow ? lstat(path) : stat(path)));
    handle = await open(path, openFlags(options));
    refuseOtherThanFile(path, await handle.stat());
    return handle;
  } catch (cause) {
    await handle?.close();
    if (isAbsent(cause)) return undefined;
    throw unreadable(path, cause);
  }
}

/** As {@link openHostFile}, for where nothing may be awaited; returns a descriptor. */
export function openHostFileSync(
  path: string,
  options: Pick<ReadHostFileOptions, "noFollow"> = {},
): number | undefined {
  let descriptor: number | undefined;
  try {
    refuseOtherThanFile(path, options.noFollow ? lstatSync(path) : statSync(path));
    descriptor = openSync(path, openFlags(options));
    refuseOtherThanFile(path, fstatSync(descriptor));
    return descriptor;
  } catch (cause) {
    if (descriptor !== undefined) closeSync(descriptor);
    if (isAbsent(cause)) return undefined;
    throw unreadable(path, cause);
  }
}

/** Without waiting for a pipe's other end, and without making a terminal this process's own. */
function openFlags({ noFollow }: Pick<ReadHostFileOptions, "noFollow">): number {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
  return O_RDONLY | (O_NONBLOCK ?? 0) | (O_NOCTTY ?? 0) | (noFollow ? (O_NOFOLLOW ?? 0) : 0);
}

function tooLarge(path: string | Buffer, maxBytes: number): InvalidOptionsError {
  return new InvalidOptionsError(`${path} is larger than ${maxBytes} bytes`);
}
