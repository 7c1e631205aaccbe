import type { HarnessOutcome, HarnessResultEvent, ProcessExit } from "@glovebox/core/harness";
import { gatewayRefusal, ownWords } from "./headless/own-words.ts";

/** Success only when the result says so; an exit that disagrees is a warning, and without a result there is no success. */
export function claudeCodeOutcome(
  result: HarnessResultEvent | undefined,
  exit: ProcessExit,
  stderrTail: string,
): HarnessOutcome {
  if (result === undefined) return withoutResult(exit, stderrTail);
  const hint = hintOf(result);
  const remedy = raisable[result.reason];
  const agrees = result.reason === "aborted" || result.ok === (exit.exitCode === 0);
  const said = result.ok ? "success" : "failure";
  return {
    ok: result.ok,
    reason: result.reason,
    message: result.message,
    ...(hint === undefined ? {} : { hint }),
    ...(remedy === undefined ? {} : { remedy: { raise: remedy } }),
    ...(agrees ? {} : { warning: `Claude Code's result says ${said}, but it ended with ${exitText(exit)}` }),
  };
}

function withoutResult(exit: ProcessExit, stderrTail: string): HarnessOutcome {
  const lastWords = ownWords(stderrTail.trim().split("\n").slice(-5).join("\n").slice(-2048));
  const hints: Partial<Record<ProcessExit["reason"], string>> = {
    oom: "It ran out of memory: give the sandbox more.",
    timeout: "Give it more time, or a smaller task.",
    lost: "The connection to the sandbox broke: what happened beyond it is unknown.",
  };
  const hint = exit.exitCode === 127 ? "The claude program is not in the sandbox's image." : hints[exit.reason];
  return {
    ok: false,
    reason: "no-result",
    message: `Claude Code ended with ${exitText(exit)} and without a result${lastWords === "" ? "" : `: ${lastWords}`}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function exitText(exit: ProcessExit): string {
  if (exit.reason !== "exited") return `${exit.signal ?? "an exit"} (${exit.reason})`;
  return exit.exitCode === null ? (exit.signal ?? "an unknown exit code") : `exit code ${exit.exitCode}`;
}

/** The limits that end a run of it. */
const raisable: Partial<Record<HarnessResultEvent["reason"], "maxTurns" | "maxBudgetUsd">> = {
  "max-turns": "maxTurns",
  "max-budget": "maxBudgetUsd",
};

function hintOf({ reason, apiStatus, message }: HarnessResultEvent): string | undefined {
  // A refusal by the gateway says itself what would help.
  if (reason !== "api-error" || message.startsWith(gatewayRefusal)) return undefined;
  if (apiStatus === 401 || apiStatus === 403) return "Check the API key or token, and what it may do.";
  if (apiStatus === 402) return "The account has no credit left.";
  if (apiStatus === 404) return "Check the name of the model.";
  if (apiStatus === 429) return "The account's rate limit is reached: try again later.";
  if (apiStatus === 529) return "The API is overloaded: try again later.";
  return undefined;
}
