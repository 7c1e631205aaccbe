import { agentOutcome } from "@glovebox/core/harness";

/** How a run of Codex is judged. */
export const codexOutcome = agentOutcome({
  agent: "Codex",
  program: "codex",
  lastWords,
  resultHint: ({ message }) =>
    message.startsWith("Quota exceeded") ? "The account has no credit left: check its plan and its limits." : undefined,
  exitHint: (_exit, words) => {
    if (/required MCP servers failed/.test(words)) {
      return "Leave the MCP server out, or give the sandbox what it needs: its program, and the hosts that it asks.";
    }
    return /no rollout found for thread id/.test(words)
      ? "The conversation is not among the files of the earlier run."
      : undefined;
  },
});

/** What it said last on standard error, without its traces and its notes about itself. */
function lastWords(stderrTail: string): string {
  const lines = stderrTail
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(?:Stack backtrace:|\d+: |at |WARNING: proceeding|Reading .*stdin)/.test(line));
  const error = lines.findLast((line) => line.startsWith("Error: "));
  return error ?? lines.slice(-3).join("\n");
}
