import { constants } from "node:fs";
import { open } from "node:fs/promises";

const mostBytes = 256 * 1024;

/** The text of a user's configuration file; `undefined` where there is none that can be read. A pipe does not block. */
export async function readConfigFile(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      return info.isFile() && info.size <= mostBytes ? await file.readFile("utf8") : undefined;
    } finally {
      await file.close();
    }
  } catch {
    // Absent or not ours to read: the package manager itself would go on without it.
    return undefined;
  }
}
