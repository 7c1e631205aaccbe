import { chown, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "../system-error.ts";
import type { User } from "./user.ts";

/** Makes a directory and those above it that are missing, the user's own. Throws where a file is in the way. */
export async function ensureDirectory(path: string, user: User): Promise<void> {
  const missing: string[] = [];
  for (let directory = path; ; directory = dirname(directory)) {
    const found = await stat(directory).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return undefined;
      throw error;
    });
    if (found?.isDirectory()) break;
    if (found !== undefined) throw new Error(`path is a file: ${directory}`);
    missing.unshift(directory);
  }
  for (const directory of missing) {
    try {
      await mkdir(directory, 0o755);
      await chown(directory, user.uid, user.gid);
    } catch (error) {
      // Another request has made it meanwhile.
      if (errorCode(error) !== "EEXIST") throw error;
    }
  }
}
