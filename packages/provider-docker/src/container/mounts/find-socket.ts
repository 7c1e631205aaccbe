import { opendir } from "node:fs/promises";
import { join } from "node:path";

const maxEntries = 20_000;

/**
 * The first socket in a directory or below it; `undefined` when there is none among the first 20,000 entries, the nearest
 * levels first. Directories that cannot be read are passed over, and links are not followed.
 */
export async function findSocket(root: string): Promise<string | undefined> {
  const directories = [root];
  let seen = 0;
  for (const directory of directories) {
    const entries = await opendir(directory).catch(() => undefined);
    if (entries === undefined) continue;
    for await (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isSocket()) return path;
      if (entry.isDirectory()) directories.push(path);
      seen += 1;
      if (seen >= maxEntries) return undefined;
    }
  }
  return undefined;
}
