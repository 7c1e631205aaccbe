import { posix } from "node:path";
import { InvalidOptionsError, SandboxFileError } from "../errors/index.ts";
import type { CallOptions } from "../provider/call-options.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import { type Sandbox, workspaceDir } from "../provider/sandbox.ts";
import type { TextEncoding } from "./text-encoding.ts";

const defaultMaxBytes = 8 * 1024 * 1024;

/** How `readTextFile` reads. Every option may be left out. */
export interface ReadTextFileOptions extends CallOptions {
  /** UTF-8 by default. A byte order mark is left out. */
  readonly encoding?: TextEncoding;
  /** The largest file that is read, in bytes: a sandbox may hold files of any size. 8 MiB by default. */
  readonly maxBytes?: number;
}

/**
 * Reads a text file of a sandbox. A relative path starts at `/workspace`.
 *
 *     const text = await readTextFile(sandbox, "package.json");
 *
 * Rejects with `not-found` when there is no such file, and with `file` when it is larger than `maxBytes` or its bytes are not
 * text in that encoding; it never returns a part of a file. For bytes, use `sandbox.files.readStream`.
 */
export async function readTextFile(
  sandbox: Pick<Sandbox, "files">,
  path: string,
  options: ReadTextFileOptions = {},
): Promise<string> {
  const { encoding = "utf8", maxBytes = defaultMaxBytes, signal } = options;
  if (!(maxBytes >= 0)) throw new InvalidOptionsError("`maxBytes` must be 0 or more");
  const absolute = posix.resolve(workspaceDir, path);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of await sandbox.files.readStream(absolute, dropUndefined({ signal }))) {
    size += piece.byteLength;
    if (size > maxBytes) {
      throw new SandboxFileError(`${absolute} is larger than ${maxBytes} bytes`, {
        hint: "Raise `maxBytes`, or read it piece by piece with `sandbox.files.readStream`.",
      });
    }
    pieces.push(piece);
  }
  return decode(Buffer.concat(pieces), encoding, absolute);
}

function decode(bytes: Buffer, encoding: TextEncoding, path: string): string {
  if (encoding === "latin1") return bytes.toString("latin1");
  try {
    return new TextDecoder(encoding === "utf8" ? "utf-8" : "utf-16le", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SandboxFileError(`${path} is not text in ${encoding}`, {
      hint: "Name its `encoding`, or read its bytes with `sandbox.files.readStream`.",
      cause,
    });
  }
}
