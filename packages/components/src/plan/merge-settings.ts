import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject } from "../kinds/text/read-json-object.ts";

export interface MergeNotes {
  /** Who said it first, by a setting's path such as `env.NODE_ENV`. */
  readonly owners: Map<string, string>;
  /** Two that want different things. Values are not reported: they may be secrets. */
  readonly conflicts: string[];
}

/** Fields of `permissions` that are lists of rules. */
const ruleLists: readonly string[] = ["allow", "deny", "ask", "additionalDirectories"];

/**
 * The settings with `added` merged in, the way claude-code-templates' users know it: lists of permissions are united,
 * `env` is merged by name, hooks are joined per event without doubles. Of two different values the later one stands,
 * and the conflict is noted.
 */
export function mergeSettings(base: JsonObject, added: JsonObject, owner: string, notes: MergeNotes): JsonObject {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(added)) {
    const before = base[key];
    if (key === "hooks" && isJsonObject(value)) merged[key] = mergeHooks(isJsonObject(before) ? before : {}, value);
    else if ((key === "permissions" || key === "env") && isJsonObject(value))
      merged[key] = mergeTable(key, isJsonObject(before) ? before : {}, value, owner, notes);
    else if (Array.isArray(value) && Array.isArray(before)) merged[key] = united(before, value);
    else merged[key] = later(key, before, value, owner, notes);
  }
  return merged;
}

function mergeTable(key: string, base: JsonObject, added: JsonObject, owner: string, notes: MergeNotes): JsonObject {
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(added)) {
    const before = base[name];
    const isList = key === "permissions" && ruleLists.includes(name) && Array.isArray(value);
    merged[name] = isList
      ? united(Array.isArray(before) ? before : [], value)
      : later(`${key}.${name}`, before, value, owner, notes);
  }
  return merged;
}

function later(path: string, before: unknown, value: unknown, owner: string, notes: MergeNotes): unknown {
  if (before !== undefined && !isDeepStrictEqual(before, value))
    notes.conflicts.push(`${path} is set differently by ${notes.owners.get(path) ?? "the workspace"} and ${owner}`);
  notes.owners.set(path, owner);
  return value;
}

function mergeHooks(base: JsonObject, added: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...base };
  for (const [event, groups] of Object.entries(added)) {
    const before = merged[event];
    merged[event] = united(Array.isArray(before) ? before : [], withoutDoubles(before, groups));
  }
  return merged;
}

/** The groups without the hooks that already run for the same matcher. */
function withoutDoubles(before: unknown, groups: unknown): unknown[] {
  const known = (Array.isArray(before) ? before : []).filter(isJsonObject);
  return (Array.isArray(groups) ? groups : []).filter(isJsonObject).flatMap((group) => {
    const same = known.filter((item) => (item.matcher ?? "") === (group.matcher ?? ""));
    const running = same.flatMap((item) => (Array.isArray(item.hooks) ? item.hooks : []));
    const hooks = (Array.isArray(group.hooks) ? group.hooks : []).filter(
      (hook) => !running.some((other) => isDeepStrictEqual(other, hook)),
    );
    return hooks.length === 0 ? [] : [{ ...group, hooks }];
  });
}

function united(first: readonly unknown[], second: readonly unknown[]): unknown[] {
  const all = [...first];
  for (const item of second) if (!all.some((other) => isDeepStrictEqual(other, item))) all.push(item);
  return all;
}
