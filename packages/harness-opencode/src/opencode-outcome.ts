import { agentOutcome, lastLines } from "@glovebox/core/harness";
import { ownWords } from "./stream/own-words.ts";

/** How a run of OpenCode is judged. */
export const openCodeOutcome = agentOutcome({
  agent: "OpenCode",
  program: "opencode",
  lastWords: (stderrTail) => ownWords(withoutColors(lastLines(stderrTail))),
  resultHint: ({ message }) =>
    message.includes("max_completion_tokens")
      ? "This model needs OpenAI's Responses API: set `openaiApi` to `responses` in the settings of the harness."
      : undefined,
});

function withoutColors(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  return text.replace(/\u001b\[[\d;]*m/g, "");
}
