import type { ScriptTurn } from "../script.ts";
import type { AnswerIdentity } from "./model-wire.ts";
import { pieces } from "./pieces.ts";

/** One server-sent event of the Messages API. */
export interface MessageEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

type ContentBlock =
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: unknown };

/** The whole message, as the API answers it without `stream`. */
export function messageOf(turn: ScriptTurn, identity: AnswerIdentity) {
  const content: ContentBlock[] = [];
  if (turn.thinking !== undefined) {
    content.push({ type: "thinking", thinking: turn.thinking, signature: "c2NyaXB0ZWQ=" });
  }
  if (turn.text !== undefined) content.push({ type: "text", text: turn.text });
  for (const [index, tool] of (turn.tools ?? []).entries()) {
    content.push({ type: "tool_use", id: `toolu_${identity.key}_${index}`, name: tool.name, input: tool.input });
  }
  return {
    id: `msg_${identity.key}`,
    type: "message",
    role: "assistant",
    model: identity.model,
    content,
    stop_reason: turn.tools?.length ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: {
      input_tokens: turn.inputTokens ?? identity.inputTokens,
      cache_creation_input_tokens: turn.cacheWriteTokens ?? 0,
      cache_read_input_tokens: turn.cacheReadTokens ?? 0,
      output_tokens: turn.outputTokens ?? Math.ceil(JSON.stringify(content).length / 4),
    },
  };
}

/** The same message as the API streams it: every text in several deltas, tool input as pieces of JSON. */
export function messageEvents(turn: ScriptTurn, identity: AnswerIdentity): MessageEvent[] {
  const message = messageOf(turn, identity);
  const events: MessageEvent[] = [
    {
      type: "message_start",
      message: { ...message, content: [], stop_reason: null, usage: { ...message.usage, output_tokens: 1 } },
    },
    { type: "ping" },
  ];
  for (const [index, block] of message.content.entries()) {
    const { start, deltas } = blockEvents(block);
    events.push({ type: "content_block_start", index, content_block: start });
    for (const delta of deltas) events.push({ type: "content_block_delta", index, delta });
    events.push({ type: "content_block_stop", index });
  }
  events.push({
    type: "message_delta",
    delta: { stop_reason: message.stop_reason, stop_sequence: null },
    usage: message.usage,
  });
  events.push({ type: "message_stop" });
  return events;
}

function blockEvents(block: ContentBlock): { start: object; deltas: object[] } {
  if (block.type === "thinking") {
    const deltas: object[] = pieces(block.thinking).map((thinking) => ({ type: "thinking_delta", thinking }));
    deltas.push({ type: "signature_delta", signature: block.signature });
    return { start: { type: "thinking", thinking: "", signature: "" }, deltas };
  }
  if (block.type === "text") {
    return {
      start: { type: "text", text: "" },
      deltas: pieces(block.text).map((text) => ({ type: "text_delta", text })),
    };
  }
  return {
    start: { type: "tool_use", id: block.id, name: block.name, input: {} },
    deltas: pieces(JSON.stringify(block.input)).map((part) => ({ type: "input_json_delta", partial_json: part })),
  };
}
