import type { RunEvent } from "@glovebox/core";
import type { ConversationItem, MessageItem } from "./conversation-item.ts";
import { noteOf } from "./note-of.ts";

type EventOf<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

const mostRawLines = 200;

/** The conversation of a run, which grows event by event. An item that changes is replaced, so that only its row is drawn again. */
export class Conversation {
  readonly items: ConversationItem[] = [];
  /** Positions in `items` by message and by call. */
  readonly #messages = new Map<string, number>();
  readonly #calls = new Map<string, number>();

  push(event: RunEvent): void {
    switch (event.type) {
      case "text.delta":
      case "reasoning.delta":
        this.#delta(event);
        break;
      case "message.end":
        this.#messageEnd(event);
        break;
      case "tool.start":
        this.#toolStart(event);
        break;
      case "tool.end":
        this.#toolEnd(event);
        break;
      case "harness.raw":
        this.#raw(event);
        break;
      case "harness.result":
        this.#result(event);
        break;
      default:
        this.#note(event);
    }
  }

  #delta(event: EventOf<"text.delta" | "reasoning.delta">): void {
    const role = event.type === "text.delta" ? "assistant" : "reasoning";
    const id = `${role} ${event.messageId}`;
    const at = this.#messages.get(id);
    const before = at === undefined ? undefined : (this.items[at] as MessageItem);
    if (at !== undefined && before !== undefined) {
      this.items[at] = { ...before, text: before.text + event.text };
      return;
    }
    this.#messages.set(id, this.#add({ ...base(event), kind: "message", role, text: event.text, isOpen: true }));
  }

  #messageEnd(event: EventOf<"message.end">): void {
    const reasoning = this.#messages.get(`reasoning ${event.messageId}`);
    if (reasoning !== undefined) this.items[reasoning] = { ...(this.items[reasoning] as MessageItem), isOpen: false };
    const at = this.#messages.get(`assistant ${event.messageId}`);
    const message = { kind: "message", role: event.role, text: event.text, isOpen: false } as const;
    const before = at === undefined ? undefined : this.items[at];
    if (at !== undefined && before !== undefined) this.items[at] = { ...(before as MessageItem), ...message };
    else if (event.text.trim() !== "") this.#add({ ...base(event), ...message });
  }

  #toolStart(event: EventOf<"tool.start">): void {
    const { callId, name, input } = event;
    const position = this.#add({ ...base(event), kind: "tool", callId, name, input, status: "running", output: "" });
    this.#calls.set(callId, position);
  }

  #toolEnd(event: EventOf<"tool.end">): void {
    const at = this.#calls.get(event.callId);
    const item = at === undefined ? undefined : this.items[at];
    if (at === undefined || item?.kind !== "tool") return;
    this.items[at] = { ...item, status: event.status, output: event.output, endedAt: event.time };
  }

  #raw(event: EventOf<"harness.raw">): void {
    const last = this.items.at(-1);
    if (last?.kind === "raw" && last.lines.length < mostRawLines) {
      this.items[this.items.length - 1] = { ...last, lines: [...last.lines, event.line] };
    } else this.#add({ ...base(event), kind: "raw", lines: [event.line] });
  }

  #result(event: EventOf<"harness.result">): void {
    const last = this.items.findLast((item) => item.kind === "message");
    // The harness repeats its last message as its result.
    const isRepeated = last?.kind === "message" && last.text.trim() === event.message.trim();
    if (event.ok && isRepeated && event.structuredOutput === undefined) return;
    const text = isRepeated ? "" : event.message;
    const { structuredOutput } = event;
    this.#add({ ...base(event), kind: "result", isOk: event.ok, text, structuredOutput });
  }

  #note(event: RunEvent): void {
    const note = noteOf(event);
    if (note !== undefined) this.#add({ ...base(event), kind: "note", ...note });
  }

  #add(item: ConversationItem): number {
    this.items.push(item);
    return this.items.length - 1;
  }
}

function base(event: RunEvent): { key: string; at: string; parentCallId: string | undefined } {
  return {
    key: String(event.seq),
    at: event.time,
    parentCallId: "parentCallId" in event ? event.parentCallId : undefined,
  };
}
