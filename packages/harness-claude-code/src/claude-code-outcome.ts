import { agentOutcome, lastLines } from "@glovebox/core/harness";
import { ownWords } from "./headless/own-words.ts";

/** How a run of Claude Code is judged. */
export const claudeCodeOutcome = agentOutcome({
  agent: "Claude Code",
  program: "claude",
  lastWords: (stderrTail) => ownWords(lastLines(stderrTail)),
  remedies: { "max-turns": { raise: "maxTurns" }, "max-budget": { raise: "maxBudgetUsd" } },
});
