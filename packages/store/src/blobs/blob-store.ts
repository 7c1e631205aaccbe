import type { Readable } from "node:stream";

/** A blob by what is in it. */
export interface Blob {
  /** In hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** A part of a blob; both ends are inclusive, as in HTTP. */
export interface BlobRange {
  readonly start: number;
  readonly end: number;
}

/** Contents of files, by their hash. A blob is there as a whole, or not at all. */
export interface BlobStore {
  /** Stores what the stream has. Rejects as it does, and then nothing is stored. */
  put(content: Readable): Promise<Blob>;
  /** Opens a blob, or a part of it. Rejects with `not-found`. */
  open(sha256: string, range?: BlobRange): Promise<Readable>;
  /** Whether it is there, and stays for the next hours although nothing names it. */
  has(sha256: string): Promise<boolean>;
  /** Does nothing if there is none. */
  delete(sha256: string): Promise<void>;
  /** Every blob, and when it was stored last. */
  list(): AsyncIterable<{ readonly sha256: string; readonly storedAt: Date }>;
}
