/** An item of a request's `input`. */
export interface InputItem {
  readonly type?: string | undefined;
  readonly role?: string | undefined;
  readonly content?: unknown;
  readonly id?: string | null | undefined;
  readonly call_id?: string | undefined;
}

interface Message {
  readonly role: string;
  readonly content: unknown;
}

/** What the model has said: not what a tool has answered. */
const ofModel = /^(reasoning|function_call|custom_tool_call|local_shell_call|web_search_call|item_reference)$/;

/**
 * Groups the items of a request into messages: all that the model said in one turn is one message. Agents may put a tool's
 * output between two calls of one turn, so the ids that the scripted model gave decide where they are.
 */
export function responseTurns(items: readonly InputItem[]): Message[] {
  const messages: Message[] = [];
  const turns = new Map<string, unknown[]>();
  let open: { content: unknown[]; key: string | undefined } | undefined;
  for (const item of items) {
    if (!isOfModel(item)) {
      open = undefined;
      messages.push({ role: item.role ?? "tool", content: item.content ?? item });
      continue;
    }
    const key = keyOf(item);
    const known = key === undefined ? undefined : turns.get(key);
    if (known !== undefined) {
      known.push(item);
      open = { content: known, key };
      continue;
    }
    if (open === undefined || (key !== undefined && open.key !== undefined)) {
      const content: unknown[] = [];
      messages.push({ role: "assistant", content });
      open = { content, key };
    }
    open.content.push(item);
    open.key ??= key;
    if (key !== undefined) turns.set(key, open.content);
  }
  return messages;
}

function isOfModel({ type = "message", role }: InputItem): boolean {
  return type === "message" ? role === "assistant" : ofModel.test(type);
}

/** The turn that the scripted model put into the ids of its items. */
function keyOf({ id, call_id: callId }: InputItem): string | undefined {
  return /scripted_\d+_\d+/.exec(callId ?? id ?? "")?.[0];
}
