import { execFile } from "node:child_process";
import { rename } from "node:fs/promises";
import { promisify } from "node:util";
import { errorCode } from "../system-error.ts";

const run = promisify(execFile);

/** Moves what is at a path to another one, in place of a file there. */
export async function moveEntry(source: string, destination: string): Promise<void> {
  try {
    await rename(source, destination);
  } catch (error) {
    if (errorCode(error) !== "EXDEV") throw error;
    // Another file system, or a directory of the image's own: an overlay cannot rename those.
    await run("mv", ["-T", "--", source, destination]);
  }
}
