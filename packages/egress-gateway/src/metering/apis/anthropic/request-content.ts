import { type JsonObject, jsonObject } from "../../json-object.ts";

/** What a request holds beside text. */
export interface RequestContent {
  /** How long each image is that the request itself holds, as base64. */
  readonly imageBytes: readonly number[];
  /** Tools that the harness runs, and that the API describes to the model itself. */
  readonly describedTools: number;
  /** Whether it holds a PDF, or what the API fetches by an address or an id: its bytes do not tell what that costs. */
  readonly isReferring: boolean;
  /** Whether it names tools that the API runs itself. */
  readonly isGrowing: boolean;
}

/** The tools that the harness runs, and not the API. */
const describedTool = /^(bash|computer|memory|text_editor)(_|$)/;
/** The API dates the kinds of its tools: `web_search_20250305`. */
const dated = /_\d{8}$/;

/**
 * Reads the messages, the instructions and the tools of a request, at any depth: what a document or the answer of a tool
 * holds counts as what stands in a message. Only the arguments of the harness's own tools are left out: they are data.
 */
export function readContent({ messages, system, tools }: JsonObject): RequestContent {
  const imageBytes: number[] = [];
  let describedTools = 0;
  let isReferring = false;
  let isGrowing = objectsOf(tools).some(
    ({ type = "custom" }) => type !== "custom" && !describedTool.test(String(type)),
  );
  const rest: unknown[] = [messages, system, ...objectsOf(tools).map(({ type, tools: inner }) => ({ type, inner }))];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value !== "object" || value === null) continue;
    const { type, source, file_id: fileId, input, ...others } = value as JsonObject;
    if (typeof type === "string" && describedTool.test(type)) describedTools += 1;
    else if (typeof type === "string" && dated.test(type)) isGrowing = true;
    const { type: form, data } = jsonObject(source);
    if (type === "image" && form === "base64" && typeof data === "string") imageBytes.push(data.length);
    else if (isReference(source) || fileId !== undefined) isReferring = true;
    for (const inner of Object.values(others)) rest.push(inner);
    rest.push(type === "tool_use" ? undefined : input, source);
  }
  return { imageBytes, describedTools, isReferring, isGrowing };
}

/** A page of a PDF costs what an image does, and may have a few bytes. */
function isReference(source: unknown): boolean {
  if (typeof source !== "object" || source === null) return false;
  const { type } = source as JsonObject;
  return type !== "text" && type !== "content";
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(jsonObject) : [];
}
