import { isDeepStrictEqual } from "node:util";
import type { PlacedFile } from "../kinds/component-content.ts";
import { hookEvents, parseHooks } from "../kinds/hooks/parse-hooks.ts";
import { mapHookCommands } from "../kinds/shell/map-hook-commands.ts";
import { runByBash } from "../kinds/shell/run-by-bash.ts";
import { isJsonObject, type JsonObject, readJsonObject } from "../kinds/text/read-json-object.ts";

/** The plugin's file of hooks as Claude Code reads them, each run by bash where it is written for that. */
export function placePluginHooks(files: Map<string, PlacedFile>, path: string): void {
  const before = files.get(path);
  if (before === undefined) return;
  const json = readJsonObject(before.bytes);
  const after = withBash(json);
  if (!isDeepStrictEqual(after, json))
    files.set(path, { ...before, bytes: Buffer.from(`${JSON.stringify(after, undefined, 2)}\n`) });
}

/** The same for a plugin's manifest that holds its hooks itself. */
export function manifestWithHooks(manifest: JsonObject): JsonObject {
  return isJsonObject(manifest.hooks) ? { ...manifest, hooks: withBash(manifest.hooks) } : manifest;
}

/** Hooks by their events, with or without the name around them. */
function withBash(json: JsonObject): JsonObject {
  const bare = Object.fromEntries(Object.entries(json).filter(([key]) => hookEvents.has(key)));
  const table = mapHookCommands(parseHooks(json.hooks ?? bare, []), runByBash);
  return json.hooks === undefined ? { ...json, ...table } : { ...json, hooks: table };
}
