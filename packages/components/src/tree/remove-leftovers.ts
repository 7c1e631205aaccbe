import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

const abandonedAfterMs = 24 * 60 * 60 * 1000;

/** Removes what fetches that were cut off left in the cache a day ago or longer; a younger one may still be at work. */
export async function removeLeftovers(treesDir: string): Promise<void> {
  for (const name of await readdir(treesDir)) {
    if (!/\.(tmp|archive)$|^git-/.test(name)) continue;
    const path = join(treesDir, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs > abandonedAfterMs)
      await rm(path, { recursive: true, force: true });
  }
}
