import { agentOutcome, apiHint, lastLines, type ProcessExit } from "@glovebox/core/harness";
import { ownWords } from "./stream/api-error.ts";

/** How a run of Gemini CLI is judged. */
export const geminiOutcome = agentOutcome({
  agent: "Gemini CLI",
  program: "gemini",
  lastWords: (stderrTail) => ownWords(lastLines(stderrTail)),
  // The API answers a key that it does not know with 400.
  resultHint: ({ apiStatus, message }, exit) =>
    apiHint(message.includes("API key not valid") ? 401 : (apiStatus ?? statusOfExit(exit))),
  exitHint: ({ exitCode }) => fatal[exitCode ?? -1],
  remedies: { "max-turns": { raise: "maxTurns" } },
});

/** Gemini CLI exits with the HTTP status, of which a process keeps the remainder of 256: 401 is 145, 429 is 173, 500 is 244, 529 is 17. */
function statusOfExit({ exitCode }: ProcessExit): number | undefined {
  if (exitCode === null) return undefined;
  return [exitCode + 256, exitCode + 512].find((status) => (status >= 400 && status < 512) || status === 529);
}

/** Its own exit codes. */
const fatal: Readonly<Record<number, string>> = {
  41: "It could not log in: the run needs GEMINI_API_KEY.",
  52: "A settings file of Gemini CLI is not valid.",
};
