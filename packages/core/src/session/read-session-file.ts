import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { InvalidOptionsError, SandboxError } from "../errors/index.ts";
import { readArchivePath, showName } from "../files/paths/archive-path.ts";
import { tarBlockBytes } from "../files/tar/tar-header.ts";
import { type TarEntry, type TarHandler, TarReader } from "../files/tar/tar-reader.ts";
import { safeName } from "../text/safe-name.ts";
import { sessionLimits } from "./session-limits.ts";
import { contentsOf, damagedSession, parseSessionManifest, type SessionManifest } from "./session-manifest.ts";

/** A piece of a session file: the beginning of an entry that its manifest names, or a part of its content. */
export type SessionPiece =
  | { readonly place: "conversation" | "files"; readonly path: string; readonly size: number }
  | { readonly content: Buffer };

/** A session file whose manifest was read. */
export interface SessionFile {
  readonly manifest: SessionManifest;
  /** Everything that follows the manifest, in its order and checked against it. Can be read once. */
  pieces(): AsyncGenerator<SessionPiece>;
}

/**
 * Reads a session file that may come from anyone. It has to be what `exportSession` writes: the manifest, then exactly the files that the
 * manifest names, in its order, with their sizes and hashes. Anything else is `invalid-options`, and so is a file that is larger than
 * `sessionLimits`, compressed or not. Writes nothing.
 */
export async function readSessionFile(source: AsyncIterable<Uint8Array>): Promise<SessionFile> {
  const pieces = piecesOf(source);
  const first = await pieces.next();
  if (first.done || !("manifest" in first.value)) throw damagedSession("it has no manifest");
  const { manifest } = first.value;
  return {
    manifest,
    async *pieces() {
      for await (const piece of pieces) if (!("manifest" in piece)) yield piece;
    },
  };
}

type Piece = SessionPiece | { readonly manifest: SessionManifest };

async function* piecesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  const checker = new EntryChecker();
  const reader = new TarReader(checker);
  try {
    for await (const chunk of unpacked(source)) {
      if (reader.ended) throw damagedSession("something follows its end");
      reader.push(chunk);
      yield* checker.take();
    }
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === "invalid-options") throw error;
    throw damagedSession((error as Error).message);
  }
  if (!reader.ended) throw damagedSession("it ends early");
  checker.finish();
}

/** The archive in the file. What it unpacks to is bounded by what it may hold at all, before any of it is believed. */
async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const { fileBytes, manifestBytes, conversationBytes, workspaceBytes, workspaceFiles, conversationFiles } =
    sessionLimits;
  const headers = (workspaceFiles + conversationFiles) * 16 * tarBlockBytes;
  const most = manifestBytes + conversationBytes + workspaceBytes + headers;
  const gunzip = createGunzip();
  const feeding = feed(source, gunzip, fileBytes).catch((error: Error) => void gunzip.destroy(error));
  let size = 0;
  try {
    for await (const chunk of gunzip as Readable) {
      size += (chunk as Buffer).length;
      if (size > most) throw new InvalidOptionsError("The session file unpacks to more than a session may hold");
      yield chunk as Buffer;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_")) throw new InvalidOptionsError("The file is not a session that Glovebox exported");
    throw error;
  } finally {
    gunzip.destroy();
    await feeding;
  }
}

async function feed(
  source: AsyncIterable<Uint8Array>,
  into: NodeJS.WritableStream & Readable,
  most: number,
): Promise<void> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.byteLength;
    if (size > most) throw new InvalidOptionsError(`The session file is larger than ${most / 1024 ** 3} GiB`);
    if (into.destroyed) return;
    if (!into.write(chunk)) await Promise.race([eventOf(into, "drain"), eventOf(into, "close")]);
  }
  into.end();
}

function eventOf(emitter: NodeJS.EventEmitter, name: string): Promise<void> {
  return new Promise((resolve) => emitter.once(name, () => resolve()));
}

interface Expected {
  readonly place: "conversation" | "files";
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Lets an entry pass only if it is the one that comes next. */
class EntryChecker implements TarHandler {
  #pieces: Piece[] = [];
  #expected: Iterator<Expected> | undefined;
  #manifest: Buffer[] | undefined;
  #current: Expected | undefined;
  #hash = createHash("sha256");

  onEntry({ path: bytes, kind, size }: TarEntry): void {
    const name = readArchivePath(bytes);
    const path = "path" in name ? name.path : undefined;
    if (path === undefined || kind !== "file")
      throw damagedSession(`${safeName(showName(bytes))} does not belong in it`);
    if (this.#expected === undefined) {
      if (path !== "manifest.json") throw new InvalidOptionsError("The file is not a session that Glovebox exported");
      if (size > sessionLimits.manifestBytes) throw damagedSession("its manifest is too large");
      this.#manifest = [];
      return;
    }
    const next = this.#expected.next();
    if (next.done || `${next.value.place}/${next.value.path}` !== path || next.value.size !== size) {
      throw damagedSession(`${safeName(path)} is not what its manifest names`);
    }
    this.#current = next.value;
    this.#hash = createHash("sha256");
    this.#pieces.push({ place: next.value.place, path: next.value.path, size });
  }

  onContent(bytes: Buffer): void {
    const content = Buffer.from(bytes);
    if (this.#manifest !== undefined) this.#manifest.push(content);
    else {
      this.#hash.update(content);
      this.#pieces.push({ content });
    }
  }

  onEntryEnd(): void {
    if (this.#manifest !== undefined) {
      const manifest = parseSessionManifest(Buffer.concat(this.#manifest));
      this.#manifest = undefined;
      this.#expected = expectedOf(manifest);
      this.#pieces.push({ manifest });
    } else if (this.#current !== undefined && this.#hash.digest("hex") !== this.#current.sha256) {
      throw damagedSession(`the content of ${safeName(this.#current.path)} has another hash`);
    }
  }

  take(): Piece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  finish(): void {
    if (this.#expected === undefined) throw damagedSession("it has no manifest");
    const next = this.#expected.next();
    if (!next.done) throw damagedSession(`${safeName(next.value.path)} is missing`);
  }
}

function* expectedOf({ conversation, files }: SessionManifest): Generator<Expected, undefined> {
  for (const file of conversation) yield { ...file, place: "conversation" };
  for (const file of contentsOf(files)) yield { ...file, place: "files" };
}
