import { closeSync, constants, openSync } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import { InvalidOptionsError } from "../errors/index.ts";
import { decodeText } from "./decode-text.ts";
import { isAbsent, unreadable } from "./file-kind.ts";
import { readHostFile } from "./read-host-file.ts";

/** How a file that the user names is read. */
export interface ReadNamedFileOptions {
  /** A longer text is refused, in bytes. Default: 1 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

const defaultMaxBytes = 1024 * 1024;

/**
 * Reads a text from a path that the user named on purpose: a file, a named pipe, `/dev/stdin`, or what a shell puts in the
 * place of `<(command)`. A pipe is read to its end, and waits for its writer; the signal ends the wait, and so does the end
 * of the process. Resolves to `undefined` when nothing is there. Throws `invalid-options` as `readHostText` does.
 */
export async function readNamedFile(path: string, options: ReadNamedFileOptions = {}): Promise<string | undefined> {
  const source = await openStream(path);
  if (source !== undefined) return await readTextStream(source, path, options);
  const bytes = await readHostFile(path, { maxBytes: options.maxBytes ?? defaultMaxBytes });
  return bytes === undefined ? undefined : decodeText(bytes, path);
}

/** Reads and decodes what a stream holds; `name` says what is read. */
export async function readTextStream(
  source: Readable,
  name: string,
  { maxBytes = defaultMaxBytes, signal }: ReadNamedFileOptions = {},
): Promise<string> {
  const abort = () => source.destroy(signal?.reason as Error);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of source) {
      pieces.push(Buffer.from(piece as Uint8Array));
      size += pieces.at(-1)?.length ?? 0;
      if (size > maxBytes) throw new InvalidOptionsError(`${name} is larger than ${maxBytes} bytes`);
    }
    return decodeText(Buffer.concat(pieces), name);
  } catch (cause) {
    signal?.throwIfAborted();
    throw unreadable(name, cause);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** What is read as a stream: standard input, and pipes and sockets. `undefined` for everything else. */
async function openStream(path: string): Promise<Readable | undefined> {
  const passedOn = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(path)?.[1];
  if (path === "/dev/stdin" || passedOn === "0") return process.stdin;
  try {
    const stats = await stat(path);
    // A socket cannot be opened by a name; what this process was started with is open already.
    if (stats.isSocket() && passedOn !== undefined) return new Socket({ fd: Number(passedOn), writable: false });
    return stats.isFIFO() ? openPipe(path) : undefined;
  } catch (cause) {
    if (!isAbsent(cause)) throw unreadable(path, cause);
    if (passedOn !== undefined && (await lstat("/dev/fd").catch(() => undefined)) !== undefined)
      throw notPassedOn(path);
    return undefined;
  }
}

/** Opens without waiting for the other end: a thread that waits in `open` could not be called back. */
function openPipe(path: string): Readable {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return new Socket({ fd: descriptor, readable: true, writable: false });
  } catch (cause) {
    closeSync(descriptor);
    throw cause;
  }
}

function notPassedOn(path: string): InvalidOptionsError {
  return new InvalidOptionsError(`${path} is not open in this process`, {
    hint: "npx and pnpm do not pass on what the shell opens for <(command). Start glovebox itself, or write a file first.",
  });
}
