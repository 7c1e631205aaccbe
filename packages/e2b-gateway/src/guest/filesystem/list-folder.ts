import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../system-error.ts";
import { type EntryInfo, type EntrySources, readEntryInfo } from "./entry-info.ts";

/** What lies in a folder, to a depth of 1 or more: by name, each folder before what is in it. Links are not followed. */
export async function listFolder(folder: string, depth: number, sources: EntrySources): Promise<EntryInfo[]> {
  const found: EntryInfo[] = [];
  // In the order of bytes.
  const names = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of names) {
    const path = join(folder, entry.name);
    try {
      found.push(await readEntryInfo(path, sources));
      if (depth > 1 && entry.isDirectory()) found.push(...(await listFolder(path, depth - 1, sources)));
    } catch (error) {
      // It has gone meanwhile.
      if (errorCode(error) !== "ENOENT") throw error;
    }
  }
  return found;
}
