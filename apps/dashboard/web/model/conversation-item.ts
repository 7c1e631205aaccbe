/** One row of the conversation, in the order in which it began. */
export type ConversationItem = MessageItem | ToolItem | NoteItem | RawItem | ResultItem;

interface ItemBase {
  /** Unique in its run. */
  readonly key: string;
  readonly at: string;
  /** The tool call whose sub-agent this is from; absent for the main conversation. */
  readonly parentCallId?: string | undefined;
}

export interface MessageItem extends ItemBase {
  readonly kind: "message";
  readonly role: "assistant" | "user" | "reasoning";
  readonly text: string;
  /** More of it may follow. */
  readonly isOpen: boolean;
}

export interface ToolItem extends ItemBase {
  readonly kind: "tool";
  readonly callId: string;
  readonly name: string;
  readonly input: unknown;
  readonly status: "running" | "ok" | "error" | "interrupted";
  readonly output: string;
  readonly endedAt?: string;
}

/** A step of the run itself, or something that went wrong. */
export interface NoteItem extends ItemBase {
  readonly kind: "note";
  readonly tone: "plain" | "amber" | "red";
  readonly text: string;
  readonly hint?: string | undefined;
}

/** Lines that the harness printed and that have no meaning of their own. */
export interface RawItem extends ItemBase {
  readonly kind: "raw";
  readonly lines: readonly string[];
}

export interface ResultItem extends ItemBase {
  readonly kind: "result";
  readonly isOk: boolean;
  readonly text: string;
  readonly structuredOutput?: unknown;
}
