import type { ToolCallContent } from "@agentclientprotocol/sdk";
import { visibleText } from "@glovebox/core/text";

/** The most of an input that a question shows, in characters. */
const longest = 16 * 1024;

/**
 * What a tool is to be called with beside the changes that are shown: a title shows a part of it, and whoever writes the input
 * chooses which.
 */
export function askedContent(input: unknown, changes: readonly ToolCallContent[]): readonly ToolCallContent[] {
  const { command, ...rest } = withoutShown(input, changes);
  const isCommand = typeof command === "string";
  const others = isCommand || command === undefined ? rest : { command, ...rest };
  const hasOthers = Object.keys(others).length > 0;
  const parts = [...(isCommand ? [command] : []), ...(hasOthers ? [JSON.stringify(others, null, 2)] : [])];
  if (parts.length === 0) return [];
  const text = parts.join("\n\n");
  const more = text.length - longest;
  const shown = text
    .slice(0, longest)
    .split("\n")
    .map((line) => visibleText(line, longest))
    .join("\n");
  const fence = fenceAround(shown);
  const end = more > 0 ? `\n… ${more} more characters are not shown` : "";
  return [{ type: "content", content: { type: "text", text: `${fence}\n${shown}\n${fence}${end}` } }];
}

/** The fields of an input but those whose text the one change is. */
function withoutShown(input: unknown, changes: readonly ToolCallContent[]): Readonly<Record<string, unknown>> {
  if (typeof input !== "object" || input === null) return input === undefined ? {} : { input };
  const [change, second] = changes;
  if (change?.type !== "diff" || second !== undefined) return { ...input };
  const { oldText, newText } = change;
  const shown = oldText === undefined ? { content: newText } : { old_string: oldText, new_string: newText };
  const isShown = ([name, value]: [string, unknown]) =>
    Object.entries(shown).some(([key, text]) => key === name && text === value);
  return Object.fromEntries(Object.entries(input).filter((field) => !isShown(field)));
}

/** An editor may read the text as Markdown, in which a part of it could be hidden. */
function fenceAround(text: string): string {
  const longestRun = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return "`".repeat(longestRun + 1);
}
