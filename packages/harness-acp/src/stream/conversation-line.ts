import type { HarnessLine } from "@glovebox/core/harness";

/** What a line of a conversation is about. The agent's own lines reach the parser only as `update` and `raw`. */
export type ConversationLineKind = "session" | "update" | "permission" | "result" | "raw";

const kinds: readonly string[] = ["session", "update", "permission", "result", "raw"] satisfies ConversationLineKind[];

/** A line for the parser: its kind, a space, and the text. An agent cannot forge one: each of its lines gets a kind here. */
export function conversationLine(kind: ConversationLineKind, text: string): HarnessLine {
  return { stream: "stdout", line: `${kind} ${text}` };
}

/** The kind and the text of a line; `raw` for one that no conversation wrote. */
export function readConversationLine({ stream, line }: HarnessLine): {
  readonly kind: ConversationLineKind;
  readonly text: string;
} {
  const space = line.indexOf(" ");
  const kind = line.slice(0, Math.max(0, space));
  if (stream === "stderr" || !kinds.includes(kind)) return { kind: "raw", text: line };
  return { kind: kind as ConversationLineKind, text: line.slice(space + 1) };
}
