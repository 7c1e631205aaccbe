import { posix } from "node:path";
import { SandboxFileError } from "../errors/index.ts";
import type { CallOptions } from "../provider/call-options.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import { type Sandbox, workspaceDir } from "../provider/sandbox.ts";
import type { TextEncoding } from "./text-encoding.ts";

const pieceBytes = 256 * 1024;

/** How `writeTextFile` writes. Every option may be left out. */
export interface WriteTextFileOptions extends CallOptions {
  /** UTF-8 by default. No byte order mark is added. */
  readonly encoding?: TextEncoding;
  /** The file's permission bits: `0o755` for a program. The sandbox's own default without it. */
  readonly mode?: number;
}

/**
 * Writes a text file in a sandbox, as the sandbox's user. A relative path starts at `/workspace`; missing directories are
 * created, and an existing file is replaced as a whole.
 *
 *     await writeTextFile(sandbox, "scripts/hello.sh", "echo hello\n", { mode: 0o755 });
 *
 * Rejects with `file` when the file cannot be written there, or when the encoding has no bytes for one of the characters.
 */
export async function writeTextFile(
  sandbox: Pick<Sandbox, "files">,
  path: string,
  text: string,
  options: WriteTextFileOptions = {},
): Promise<void> {
  const { encoding = "utf8", mode, signal } = options;
  const absolute = posix.resolve(workspaceDir, path);
  const bytes = Buffer.from(text, encoding);
  if (encoding === "latin1" && bytes.toString("latin1") !== text) {
    throw new SandboxFileError(`The text for ${absolute} has characters that latin1 does not have`, {
      hint: 'Write it with the encoding "utf8".',
    });
  }
  await sandbox.files.writeStream(absolute, inPieces(bytes), dropUndefined({ mode, signal }));
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += pieceBytes) yield bytes.subarray(from, from + pieceBytes);
}
