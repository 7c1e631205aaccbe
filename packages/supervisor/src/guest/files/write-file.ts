import { closeSync, fchmodSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { HelperInput } from "./helper-input.ts";
import { writeAll } from "./write-all.ts";

/** Creates or replaces a file in one step: what was there stays until the whole body has come. */
export function writeFile(path: string, mode: number, input: HelperInput): void {
  const directory = dirname(path);
  mkdirSync(directory, { recursive: true });
  const temporary = join(directory, `.glovebox-${process.pid}-${Date.now()}`);
  const file = openSync(temporary, "wx", 0o600);
  try {
    for (let piece = input.piece(); piece !== undefined; piece = input.piece()) writeAll(file, piece);
    fchmodSync(file, mode & 0o7777);
    closeSync(file);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
