import type { ScriptTurn } from "../script.ts";
import type { AnswerIdentity } from "./model-wire.ts";

export type ResponseItem =
  | {
      readonly type: "reasoning";
      readonly id: string;
      readonly summary: readonly { readonly type: "summary_text"; readonly text: string }[];
    }
  | {
      readonly type: "message";
      readonly id: string;
      readonly status: "completed";
      readonly role: "assistant";
      readonly content: readonly {
        readonly type: "output_text";
        readonly text: string;
        readonly annotations: readonly [];
      }[];
    }
  | {
      readonly type: "function_call";
      readonly id: string;
      readonly call_id: string;
      readonly status: "completed";
      readonly name: string;
      readonly namespace?: string;
      readonly arguments: string;
    }
  | {
      readonly type: "custom_tool_call";
      readonly id: string;
      readonly call_id: string;
      readonly status: "completed";
      readonly name: string;
      readonly namespace?: string;
      readonly input: string;
    };

/** A tool that a request of the Responses API offers. */
export interface OfferedTool {
  readonly name: string;
  /** Takes free text instead of JSON. */
  readonly isCustom: boolean;
  readonly namespace: string | undefined;
}

/** What a turn says, as items of the Responses API. */
export function responseItems(turn: ScriptTurn, { key }: AnswerIdentity, offered: readonly OfferedTool[]) {
  const items: ResponseItem[] = [];
  if (turn.thinking !== undefined) {
    items.push({ type: "reasoning", id: `rs_${key}`, summary: [{ type: "summary_text", text: turn.thinking }] });
  }
  if (turn.text !== undefined) {
    const content = [{ type: "output_text", text: turn.text, annotations: [] }] as const;
    items.push({ type: "message", id: `msg_${key}`, status: "completed", role: "assistant", content });
  }
  for (const [index, { name, input }] of (turn.tools ?? []).entries()) {
    const tool = offered.find((one) => one.name === name);
    const namespace = tool?.namespace === undefined ? {} : { namespace: tool.namespace };
    const ids = { call_id: `call_${key}_${index}`, status: "completed", name } as const;
    if (tool?.isCustom) {
      const text = typeof input.input === "string" ? input.input : JSON.stringify(input);
      items.push({ type: "custom_tool_call", id: `ctc_${key}_${index}`, ...ids, ...namespace, input: text });
      continue;
    }
    const call = { ...ids, ...namespace, arguments: JSON.stringify(input) };
    items.push({ type: "function_call", id: `fc_${key}_${index}`, ...call });
  }
  return items;
}
