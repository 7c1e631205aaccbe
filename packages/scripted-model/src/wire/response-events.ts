import { pieces } from "./pieces.ts";
import type { ResponseItem } from "./response-items.ts";

/** One server-sent event of the Responses API, without its number. */
export interface ResponseEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The events that stream one item of an answer. */
export function itemEvents(item: ResponseItem, index: number): ResponseEvent[] {
  const at = { output_index: index, item_id: item.id };
  return [
    { type: "response.output_item.added", output_index: index, item: startOf(item) },
    ...innerEvents(item, at),
    { type: "response.output_item.done", output_index: index, item },
  ];
}

function startOf(item: ResponseItem): object {
  if (item.type === "reasoning") return { ...item, summary: [] };
  if (item.type === "message") return { ...item, status: "in_progress", content: [] };
  if (item.type === "function_call") return { ...item, status: "in_progress", arguments: "" };
  return { ...item, status: "in_progress", input: "" };
}

function innerEvents(item: ResponseItem, at: object): ResponseEvent[] {
  if (item.type === "reasoning") {
    const text = item.summary[0]?.text ?? "";
    const part = { ...at, summary_index: 0 };
    return [
      { type: "response.reasoning_summary_part.added", ...part, part: { type: "summary_text", text: "" } },
      ...deltas("response.reasoning_summary_text.delta", part, text),
      { type: "response.reasoning_summary_text.done", ...part, text },
      { type: "response.reasoning_summary_part.done", ...part, part: { type: "summary_text", text } },
    ];
  }
  if (item.type === "message") {
    const text = item.content[0]?.text ?? "";
    const part = { ...at, content_index: 0 };
    const empty = { type: "output_text", text: "", annotations: [] };
    return [
      { type: "response.content_part.added", ...part, part: empty },
      ...deltas("response.output_text.delta", part, text),
      { type: "response.output_text.done", ...part, text },
      { type: "response.content_part.done", ...part, part: { ...empty, text } },
    ];
  }
  if (item.type === "function_call") {
    const done = { type: "response.function_call_arguments.done", ...at, arguments: item.arguments };
    return [...deltas("response.function_call_arguments.delta", at, item.arguments), done];
  }
  const done = { type: "response.custom_tool_call_input.done", ...at, input: item.input };
  return [...deltas("response.custom_tool_call_input.delta", at, item.input), done];
}

function deltas(type: string, at: object, text: string): ResponseEvent[] {
  return pieces(text).map((delta) => ({ type, ...at, delta }));
}
