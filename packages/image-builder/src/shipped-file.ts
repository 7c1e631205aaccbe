import { readFile } from "node:fs/promises";

/** Reads a file that is shipped with this package for building images. */
export function shippedFile(name: string): Promise<Buffer> {
  // One level up from here in a checkout, and one level up from the bundle where it is published.
  return readFile(new URL(`../image/${name}`, import.meta.url));
}
