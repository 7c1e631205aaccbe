import type { ToolCall, ToolCallContent, ToolKind } from "@agentclientprotocol/sdk";
import { toolLabel } from "../../print/tool-line.ts";
import type { DirectoryPaths } from "../directory-paths.ts";

/** By a part of the tool's name, the first that fits. */
const kinds: readonly (readonly [RegExp, ToolKind])[] = [
  [/bash|shell|exec|command|terminal/, "execute"],
  [/fetch|web|http|browse/, "fetch"],
  [/write|edit|patch|create|replace|change/, "edit"],
  [/delete|remove/, "delete"],
  [/grep|glob|search|find|list|^ls$/, "search"],
  [/read|view|open|cat/, "read"],
  [/think|plan|todo/, "think"],
];

type Fields = Readonly<Record<string, unknown>>;

/** The most files or parts of one call that are shown. */
const mostParts = 20;

const pathFields = ["file_path", "notebook_path", "path", "filePath", "absolute_path"];

/** The most of a file's text that is shown as a change, in characters. */
const longestText = 64 * 1024;

/** The id of a run's tool call in its session, where other runs have calls too, and Glovebox has its own. */
export function toolCallId(runId: string, callId: string): string {
  return `${runId}/call/${callId.slice(0, 256)}`;
}

/** A tool call as an editor shows it, with the paths of its directory. The name and the input come from the sandbox. */
export function toolCallOf(
  { toolCallId, name, input }: { readonly toolCallId: string; readonly name: string; readonly input: unknown },
  paths: DirectoryPaths,
): ToolCall {
  const fields: Fields = typeof input === "object" && input !== null ? (input as Fields) : {};
  const places = pathsOf(fields).flatMap((path) => paths.toHost(path) ?? []);
  const changes = places.length === 1 ? changesOf(fields, places[0] ?? "") : [];
  return {
    toolCallId,
    title: toolLabel(name, input),
    kind: kinds.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1] ?? "other",
    status: "in_progress",
    ...(places.length === 0 ? {} : { locations: places.map((path) => ({ path })) }),
    ...(changes.length === 0 ? {} : { content: changes }),
  };
}

/** The files that a call is about: one, or those of its list of changes. */
function pathsOf(fields: Fields): readonly string[] {
  const { changes } = fields;
  const several = listOf(changes).flatMap((change) => textOf(change, "path") ?? []);
  if (several.length > 0) return several;
  const path = pathFields.map((field) => textOf(fields, field)).find((text) => text !== undefined);
  return path === undefined ? [] : [path];
}

/** A change of one file, or several of its parts. */
function changesOf(fields: Fields, path: string): ToolCallContent[] {
  const parts = [fields, ...listOf(fields.edits)].flatMap((edit) => {
    const [oldText, newText] = [textOf(edit, "old_string"), textOf(edit, "new_string")];
    return oldText === undefined || newText === undefined ? [] : [{ type: "diff" as const, path, oldText, newText }];
  });
  const content = textOf(fields, "content");
  return parts.length > 0 || content === undefined ? parts : [{ type: "diff", path, newText: content }];
}

function listOf(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, mostParts).filter((one): one is Fields => typeof one === "object" && one !== null);
}

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value.length <= longestText ? value : undefined;
}
