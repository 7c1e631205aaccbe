import { agentOutcome, lastLines } from "@glovebox/core/harness";
import { ownWords } from "./stream/own-words.ts";

/** How a run of OpenCode is judged. */
export const openCodeOutcome = agentOutcome({
  agent: "OpenCode",
  program: "opencode",
  lastWords: (stderrTail) => ownWords(withoutColors(lastLines(stderrTail))),
  resultHint: ({ message, apiStatus }) => {
    if (message.includes("max_completion_tokens")) {
      return "This model needs OpenAI's Responses API: set `openaiApi` to `responses` in the settings of the harness.";
    }
    return apiStatus === 404
      ? "Check the name of the model, and whether the server has this API: see `openaiApi`."
      : undefined;
  },
});

function withoutColors(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  return text.replace(/\u001b\[[\d;]*m/g, "");
}
