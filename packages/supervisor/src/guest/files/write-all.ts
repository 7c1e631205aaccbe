import { writeSync } from "node:fs";

/** Writes every byte; waits while the other side does not read. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written, bytes.length - written);
}
