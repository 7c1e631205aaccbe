import { opendir } from "node:fs/promises";
import { join } from "node:path";

const maxEntries = 20_000;

/**
 * The first socket in a folder or below it; `undefined` when there is none among the first 20,000 entries, the nearest
 * levels first. Folders that cannot be read are passed over, and links are not followed.
 */
export async function findSocket(root: string): Promise<string | undefined> {
  const folders = [root];
  let seen = 0;
  for (const folder of folders) {
    const entries = await opendir(folder).catch(() => undefined);
    if (entries === undefined) continue;
    for await (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isSocket()) return path;
      if (entry.isDirectory()) folders.push(path);
      seen += 1;
      if (seen >= maxEntries) return undefined;
    }
  }
  return undefined;
}
