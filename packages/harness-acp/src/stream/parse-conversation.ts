import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { ConversationParser } from "./conversation-parser.ts";

/** Turns the lines of a conversation into events. */
export async function* parseConversation(
  lines: AsyncIterable<HarnessLine>,
  failedAnswer: RegExp | undefined,
): AsyncGenerator<HarnessEvent, void> {
  const parser = new ConversationParser(failedAnswer);
  for await (const line of lines) yield* parser.line(line);
  yield* parser.end();
}
