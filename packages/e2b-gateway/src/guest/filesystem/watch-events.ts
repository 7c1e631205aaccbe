import { type EntryInfo, type EntrySources, readEntryInfo } from "./entry-info.ts";
import type { Change } from "./tree-watcher.ts";
import type { WatchRequest } from "./watch-request.ts";

export interface WatchEvent {
  readonly name: string;
  readonly type: string;
  readonly entry?: EntryInfo;
}

/** A change as clients get it, with the entry where they request it and it exists. */
export async function watchEvent(
  { name, path, type }: Change,
  { includeEntry }: WatchRequest,
  sources: () => EntrySources,
): Promise<WatchEvent> {
  if (!includeEntry) return { name, type };
  const entry = await readEntryInfo(path, sources()).catch(() => undefined);
  return { name, type, ...(entry && { entry }) };
}
