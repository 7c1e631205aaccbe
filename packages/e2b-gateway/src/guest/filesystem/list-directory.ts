import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../system-error.ts";
import { type EntryInfo, type EntrySources, readEntryInfo } from "./entry-info.ts";

/** What lies in a directory, to a depth of 1 or more: by name, each directory before what is in it. Links are not followed. */
export async function listDirectory(directory: string, depth: number, sources: EntrySources): Promise<EntryInfo[]> {
  // In the order of bytes.
  const entries = (await readdir(directory, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      try {
        const below = depth > 1 && entry.isDirectory() ? listDirectory(path, depth - 1, sources) : [];
        return [await readEntryInfo(path, sources), ...(await below)];
      } catch (error) {
        // It has gone meanwhile.
        if (errorCode(error) === "ENOENT") return [];
        throw error;
      }
    }),
  );
  return found.flat();
}
