import type { BigIntStats } from "node:fs";
import { HttpFailure } from "../http-failure.ts";

const headerPrefix = "x-metadata-";
/** E2B keeps it in extended attributes under this name, within what a file system allows them. */
const attributePrefix = "user.e2b.";
const maxKeyBytes = 255 - attributePrefix.length;
const maxBytes = 4096;
const printable = /^[\x20-\x7e]*$/;

type Metadata = Readonly<Record<string, string>>;

/**
 * What uploads say about their files. Node has no extended attributes, so it is kept here, by the file itself and not by
 * its name: it stays with a file that is moved, and goes with one that is replaced.
 */
export class FileMetadata {
  readonly #kept = new Map<string, Metadata>();

  read(stats: BigIntStats): Metadata | undefined {
    return this.#kept.size === 0 ? undefined : this.#kept.get(keyOf(stats));
  }

  /** In place of what was kept for the file. */
  write(stats: BigIntStats, metadata: Metadata): void {
    if (Object.keys(metadata).length === 0) this.#kept.delete(keyOf(stats));
    else this.#kept.set(keyOf(stats), metadata);
  }
}

/** The same number may later be another file's: the time of birth tells them apart. */
function keyOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`;
}

/** Reads the `X-Metadata-` headers of an upload; of one that comes twice the first counts. Throws 400 for what cannot be kept. */
export function readMetadata(rawHeaders: readonly string[]): Metadata {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const key = name.slice(headerPrefix.length);
    const value = rawHeaders[index + 1] ?? "";
    if (!name.startsWith(headerPrefix) || key === "" || Object.hasOwn(metadata, key)) continue;
    if (key.length > maxKeyBytes)
      throw new HttpFailure(400, `metadata key '${key}' is longer than ${maxKeyBytes} bytes`);
    if (!printable.test(key) || !printable.test(value)) {
      throw new HttpFailure(400, `metadata '${key}' holds more than printable US-ASCII`);
    }
    bytes += attributePrefix.length + key.length + value.length;
    if (bytes > maxBytes) throw new HttpFailure(400, `the metadata is larger than ${maxBytes} bytes`);
    metadata[key] = value;
  }
  return metadata;
}
