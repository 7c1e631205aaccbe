import { chown, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "../system-error.ts";
import type { User } from "./user.ts";

/** Makes a folder and those above it that are missing, the user's own. Throws where a file is in the way. */
export async function ensureFolder(path: string, user: User): Promise<void> {
  const missing: string[] = [];
  for (let folder = path; ; folder = dirname(folder)) {
    const found = await stat(folder).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return undefined;
      throw error;
    });
    if (found?.isDirectory()) break;
    if (found !== undefined) throw new Error(`path is a file: ${folder}`);
    missing.unshift(folder);
  }
  for (const folder of missing) {
    try {
      await mkdir(folder, 0o755);
      await chown(folder, user.uid, user.gid);
    } catch (error) {
      // Another request has made it meanwhile.
      if (errorCode(error) !== "EEXIST") throw error;
    }
  }
}
