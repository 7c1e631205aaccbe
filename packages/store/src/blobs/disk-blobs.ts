import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SandboxNotFoundError } from "@glovebox/core/provider";
import type { Blob, BlobRange, BlobStore } from "./blob-store.ts";
import { checkHash } from "./check-hash.ts";

/** Blobs in a directory: `ab/abcdef…`. Several processes may share it. */
export class DiskBlobs implements BlobStore {
  readonly #directory: string;

  /** Creates the directory with its first blob. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(content: Readable): Promise<Blob> {
    const incoming = join(this.#directory, "incoming");
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    const partial = join(incoming, randomUUID());
    const hash = createHash("sha256");
    let bytes = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    });
    try {
      await pipeline(content, measure, createWriteStream(partial, { flags: "wx", mode: 0o600, flush: true }));
      const sha256 = hash.digest("hex");
      const file = this.#fileOf(sha256);
      await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
      await rename(partial, file);
      await syncDirectory(join(file, ".."));
      return { sha256, bytes };
    } finally {
      await rm(partial, { force: true });
    }
  }

  async open(sha256: string, range?: BlobRange): Promise<Readable> {
    const file = this.#fileOf(sha256);
    await stat(file).catch(() => {
      throw new SandboxNotFoundError(`There is no blob ${sha256}`);
    });
    return createReadStream(file, range === undefined ? {} : { start: range.start, end: range.end });
  }

  async has(sha256: string): Promise<boolean> {
    try {
      const now = new Date();
      // Whoever asks is about to name it: the collection of garbage leaves what is young.
      await utimes(this.#fileOf(sha256), now, now);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw error;
    }
  }

  async delete(sha256: string): Promise<void> {
    await rm(this.#fileOf(sha256), { force: true });
  }

  async *list(): AsyncGenerator<{ readonly sha256: string; readonly storedAt: Date }> {
    for (const prefix of await readdir(this.#directory).catch(() => [])) {
      if (!/^[0-9a-f]{2}$/.test(prefix)) continue;
      for (const sha256 of await readdir(join(this.#directory, prefix))) {
        const info = await stat(join(this.#directory, prefix, sha256)).catch(() => undefined);
        if (info !== undefined) yield { sha256, storedAt: info.mtime };
      }
    }
  }

  #fileOf(sha256: string): string {
    checkHash(sha256);
    return join(this.#directory, sha256.slice(0, 2), sha256);
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
