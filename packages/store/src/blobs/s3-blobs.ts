import { createHash } from "node:crypto";
import { createWriteStream, openAsBlob } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { SandboxNotFoundError } from "@glovebox/core/provider";
import { makeTemporaryDirectory } from "@glovebox/core/state";
import { S3mini } from "s3mini";
import type { Blob, BlobRange, BlobStore } from "./blob-store.ts";
import { checkHash } from "./check-hash.ts";

/** A bucket of a service that speaks S3's protocol, and where in it blobs are kept. */
export interface S3Options {
  /** With the bucket as its path: `https://s3.eu-central-1.amazonaws.com/my-bucket`. */
  readonly endpoint: string;
  /** Default: `auto`. */
  readonly region?: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** How the names of blobs begin. Default: `blobs/`. */
  readonly prefix?: string;
}

const defaultPrefix = "blobs/";
const delimiter = "/";
const pageLength = 1000;
/** Well below the age at which blobs that nothing names are deleted. */
const freshMs = 12 * 60 * 60_000;

/** Blobs in a bucket: `blobs/abcdef…`. Servers and workers on several machines share it. */
export class S3Blobs implements BlobStore {
  readonly #bucket: S3mini;
  readonly #prefix: string;

  /** Does not connect yet. */
  constructor({ endpoint, region, accessKeyId, secretAccessKey, prefix = defaultPrefix }: S3Options) {
    this.#bucket = new S3mini({ endpoint, accessKeyId, secretAccessKey, ...(region !== undefined && { region }) });
    this.#prefix = prefix;
  }

  /** The content waits on disk until its hash is known. */
  async put(content: Readable): Promise<Blob> {
    const directory = await makeTemporaryDirectory("glovebox-blob");
    const file = join(directory, "content");
    try {
      await pipeline(content, createWriteStream(file, { flags: "wx", mode: 0o600 }));
      const body = await openAsBlob(file);
      const hash = createHash("sha256");
      for await (const chunk of body.stream()) hash.update(chunk);
      const sha256 = hash.digest("hex");
      await this.#bucket.putAnyObject(this.#keyOf(sha256), body, "application/octet-stream");
      return { sha256, bytes: body.size };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async open(sha256: string, range?: BlobRange): Promise<Readable> {
    const key = this.#keyOf(sha256);
    if ((await this.#bucket.objectExists(key)) !== true) throw new SandboxNotFoundError(`There is no blob ${sha256}`);
    const { body } = await (range === undefined
      ? this.#bucket.getObjectRaw(key)
      : this.#bucket.getObjectRaw(key, false, range.start, range.end + 1));
    // Node's own type of a web stream differs from the platform's in name alone.
    return body === null ? Readable.from([]) : Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]);
  }

  async has(sha256: string): Promise<boolean> {
    const page = await this.#bucket.listObjectsPaged(delimiter, this.#keyOf(sha256), 1);
    const [found] = page?.objects ?? [];
    // Whoever asks is about to name it, and an old one may be collected before that: it has to be put again.
    return found !== undefined && Date.now() - new Date(found.LastModified).getTime() < freshMs;
  }

  async delete(sha256: string): Promise<void> {
    await this.#bucket.deleteObject(this.#keyOf(sha256));
  }

  async *list(): AsyncGenerator<{ readonly sha256: string; readonly storedAt: Date }> {
    let token: string | undefined;
    do {
      const page = await this.#bucket.listObjectsPaged(delimiter, this.#prefix, pageLength, token);
      for (const { Key, LastModified } of page?.objects ?? []) {
        const sha256 = Key.slice(this.#prefix.length);
        if (/^[0-9a-f]{64}$/.test(sha256)) yield { sha256, storedAt: new Date(LastModified) };
      }
      token = page?.nextContinuationToken;
    } while (token !== undefined);
  }

  #keyOf(sha256: string): string {
    checkHash(sha256);
    return `${this.#prefix}${sha256}`;
  }
}
