import type { ToolCall, ToolCallContent, ToolKind } from "@agentclientprotocol/sdk";
import { toolLabel } from "../print/tool-line.ts";
import type { DirectoryPaths } from "./directory-paths.ts";

/** By a part of the tool's name, the first that fits. */
const kinds: readonly (readonly [RegExp, ToolKind])[] = [
  [/bash|shell|exec|command|terminal/, "execute"],
  [/fetch|web|http|browse/, "fetch"],
  [/write|edit|patch|create|replace/, "edit"],
  [/delete|remove/, "delete"],
  [/grep|glob|search|find|list|^ls$/, "search"],
  [/read|view|open|cat/, "read"],
  [/think|plan|todo/, "think"],
];

const pathFields = ["file_path", "notebook_path", "path", "filePath", "absolute_path"];

/** The most of a file's text that is shown as a change, in characters. */
const longestText = 64 * 1024;

/** The id of a run's tool call in its session, where other runs have calls too. */
export function toolCallId(runId: string, callId: string): string {
  return `${runId}/${callId.slice(0, 256)}`;
}

/** A tool call as an editor shows it, with the paths of its directory. The name and the input come from the sandbox. */
export function toolCallOf(
  { toolCallId, name, input }: { readonly toolCallId: string; readonly name: string; readonly input: unknown },
  paths: DirectoryPaths,
): ToolCall {
  const fields = typeof input === "object" && input !== null ? (input as Readonly<Record<string, unknown>>) : {};
  const path = pathFields.map((field) => textOf(fields, field)).find((text) => text !== undefined);
  const place = path === undefined ? undefined : paths.toHost(path);
  const change = place === undefined ? undefined : changeOf(fields, place);
  return {
    toolCallId,
    title: toolLabel(name, input),
    kind: kinds.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1] ?? "other",
    status: "in_progress",
    ...(place === undefined ? {} : { locations: [{ path: place }] }),
    ...(change === undefined ? {} : { content: [change] }),
  };
}

function changeOf(fields: Readonly<Record<string, unknown>>, path: string): ToolCallContent | undefined {
  const [oldText, newText] = [textOf(fields, "old_string"), textOf(fields, "new_string")];
  if (oldText !== undefined && newText !== undefined) return { type: "diff", path, oldText, newText };
  const content = textOf(fields, "content");
  return content === undefined ? undefined : { type: "diff", path, newText: content };
}

function textOf(fields: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value.length <= longestText ? value : undefined;
}
