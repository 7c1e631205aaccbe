import { HttpFailure } from "../http-failure.ts";

export type Metadata = Readonly<Record<string, string>>;

/** E2B keeps metadata in extended attributes under this name, within what a file system allows them. */
export const attributePrefix = "user.e2b.";

const headerPrefix = "x-metadata-";
const maxKeyBytes = 255 - attributePrefix.length;
const maxBytes = 4096;
const printable = /^[\x20-\x7e]*$/;

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
