import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { writeAll } from "./write-all.ts";

const readBytes = 1024 * 1024;

/** Opens a file for reading: no link, no directory, nothing that could wait for a writer. */
export function openFile(path: string): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Error(`${path} is not a file`);
}

/** The file's bytes to standard output. */
export function readFile(path: string): void {
  const file = openFile(path);
  const buffer = Buffer.allocUnsafeSlow(readBytes);
  for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
    writeAll(1, buffer.subarray(0, read));
  closeSync(file);
}
