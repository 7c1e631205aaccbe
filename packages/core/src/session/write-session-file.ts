import { createWriteStream, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { InvalidOptionsError, SandboxError, SandboxFileError } from "../errors/index.ts";
import { tarEnd, tarHeaderBytes, tarPadding } from "../files/tar/tar-writer.ts";
import { contentsOf, type SessionManifest } from "./session-manifest.ts";

export interface SessionContents {
  readonly conversation: (index: number) => Buffer;
  readonly file: (path: string) => AsyncIterable<Buffer>;
}

/** Writes a session file, which only its owner may read. Leaves nothing where that fails. Resolves to its size in bytes. */
export async function writeSessionFile(
  path: string,
  manifest: SessionManifest,
  contents: SessionContents,
): Promise<number> {
  const file = createWriteStream(path, { flags: "wx", mode: 0o600 });
  let isOurs = false;
  file.once("open", () => {
    isOurs = true;
  });
  try {
    await pipeline(archive(manifest, contents), createGzip(), file);
    return statSync(path).size;
  } catch (cause) {
    if (isOurs) await rm(path, { force: true });
    if (SandboxError.isInstance(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") throw new InvalidOptionsError(`${path} exists already`, { cause });
    throw new SandboxFileError(`The session file ${path} cannot be written: ${code ?? message}`, { cause });
  }
}

/** The manifest comes first, and the rest in its order: a reader knows of every entry before it comes. */
async function* archive(manifest: SessionManifest, contents: SessionContents): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(JSON.stringify(manifest));
  yield* entry("manifest.json", bytes.length, [bytes]);
  for (const [index, { path, size }] of manifest.conversation.entries()) {
    yield* entry(`conversation/${path}`, size, [contents.conversation(index)]);
  }
  for (const { path, size } of contentsOf(manifest.files)) yield* entry(`files/${path}`, size, contents.file(path));
  yield tarEnd;
}

async function* entry(
  path: string,
  size: number,
  content: Iterable<Buffer> | AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  yield tarHeaderBytes({ path, kind: "file", mode: 0o600, size, modifiedMs: 0 });
  yield* content;
  yield tarPadding(size);
}
