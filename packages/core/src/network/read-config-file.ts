import { readHostText } from "../host-files/read-host-file.ts";

const maxBytes = 256 * 1024;

/** The text of a user's configuration file; `undefined` where there is none that can be read. A pipe does not block. */
export async function readConfigFile(path: string): Promise<string | undefined> {
  // Absent or not ours to read: the package manager itself would continue without it.
  return await readHostText(path, { maxBytes }).catch(() => undefined);
}
