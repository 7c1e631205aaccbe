import type { HarnessOutcome, HarnessResultEvent, ProcessExit } from "@glovebox/core/harness";
import { gatewayRefusal } from "./stream/api-failure.ts";

/** Success only when the turn was completed; an exit that disagrees is a warning, and without a result there is no success. */
export function codexOutcome(
  result: HarnessResultEvent | undefined,
  exit: ProcessExit,
  stderrTail: string,
): HarnessOutcome {
  if (result === undefined) return withoutResult(exit, stderrTail);
  const hint = hintOf(result);
  const agrees = result.ok === (exit.exitCode === 0);
  const said = result.ok ? "success" : "failure";
  return {
    ok: result.ok,
    reason: result.reason,
    message: result.message,
    ...(hint === undefined ? {} : { hint }),
    ...(agrees ? {} : { warning: `Codex reported ${said}, but ended with ${exitText(exit)}` }),
  };
}

function withoutResult(exit: ProcessExit, stderrTail: string): HarnessOutcome {
  const words = lastWords(stderrTail);
  const hints: Partial<Record<ProcessExit["reason"], string>> = {
    oom: "It ran out of memory: give the sandbox more.",
    timeout: "Give it more time, or a smaller task.",
    lost: "The connection to the sandbox broke: what happened beyond it is unknown.",
  };
  const hint = ownHint(words, exit) ?? hints[exit.reason];
  return {
    ok: false,
    reason: "no-result",
    message: `Codex ended with ${exitText(exit)} and without a result${words === "" ? "" : `: ${words}`}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function ownHint(words: string, { exitCode }: ProcessExit): string | undefined {
  if (exitCode === 127) return "The codex program is not in the sandbox's image.";
  if (/required MCP servers failed/.test(words)) {
    return "Leave the MCP server out, or give the sandbox what it needs: its program, and the hosts that it asks.";
  }
  if (/no rollout found for thread id/.test(words))
    return "The conversation is not among the files of the earlier run.";
  return undefined;
}

/** What it said last on standard error, without its traces and its notes about itself. */
function lastWords(stderrTail: string): string {
  const lines = stderrTail
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(?:Stack backtrace:|\d+: |at |WARNING: proceeding|Reading .*stdin)/.test(line));
  const error = lines.findLast((line) => line.startsWith("Error: "));
  return (error ?? lines.slice(-3).join("\n")).slice(-2048);
}

function exitText(exit: ProcessExit): string {
  if (exit.reason !== "exited") return `${exit.signal ?? "an exit"} (${exit.reason})`;
  return exit.exitCode === null ? (exit.signal ?? "an unknown exit code") : `exit code ${exit.exitCode}`;
}

function hintOf({ reason, apiStatus, message }: HarnessResultEvent): string | undefined {
  // A refusal by the gateway says itself what would help.
  if (reason !== "api-error" || message.startsWith(gatewayRefusal)) return undefined;
  if (message.startsWith("Quota exceeded")) return "The account has no credit left: check its plan and its limits.";
  if (apiStatus === 401 || apiStatus === 403) return "Check the API key, and what it may do.";
  if (apiStatus === 402) return "The account has no credit left.";
  if (apiStatus === 404) return "Check the name of the model.";
  if (apiStatus === 429) return "The account's rate limit is reached: try again later.";
  if (apiStatus !== undefined && apiStatus >= 500) return "The API failed: try again later.";
  return undefined;
}
