import type { HarnessOutcome, HarnessResultEvent, ProcessExit } from "@glovebox/core/harness";

/**
 * Success only when the agent says that its turn has ended. Its exit does not count: it is ended by the end of its input. Without
 * a result there is no success.
 */
export function acpOutcome(
  name: string,
  result: HarnessResultEvent | undefined,
  exit: ProcessExit,
  stderrTail: string,
): HarnessOutcome {
  if (result === undefined) return withoutResult(name, exit, stderrTail);
  const hint = hintOf(result);
  const { ok, reason, message } = result;
  return { ok, reason, message, ...(hint === undefined ? {} : { hint }) };
}

function withoutResult(name: string, exit: ProcessExit, stderrTail: string): HarnessOutcome {
  const lastWords = stderrTail.trim().split("\n").slice(-5).join("\n").slice(-2048);
  const hints: Partial<Record<ProcessExit["reason"], string>> = {
    oom: "It ran out of memory: give the sandbox more.",
    timeout: "Give it more time, or a smaller task.",
    lost: "The connection to the sandbox broke: what happened beyond it is unknown.",
  };
  const hint = exit.exitCode === 127 ? "The agent's program is not in the sandbox's image." : hints[exit.reason];
  return {
    ok: false,
    reason: "no-result",
    message: `${name} ended with ${exitText(exit)} and without a result${lastWords === "" ? "" : `: ${lastWords}`}`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function exitText(exit: ProcessExit): string {
  if (exit.reason !== "exited") return `${exit.signal ?? "an exit"} (${exit.reason})`;
  return exit.exitCode === null ? (exit.signal ?? "an unknown exit code") : `exit code ${exit.exitCode}`;
}

function hintOf({ reason, apiStatus, message }: HarnessResultEvent): string | undefined {
  // A refusal by the gateway says itself what would help.
  if (reason !== "api-error" || message.includes("Glovebox refused the request")) return undefined;
  if (apiStatus === 401 || apiStatus === 403) return "Check the API key or token, and what it may do.";
  if (apiStatus === 402) return "The account has no credit left.";
  if (apiStatus === 404) return "Check the name of the model.";
  if (apiStatus === 429) return "The account's rate limit is reached: try again later.";
  if (apiStatus === 529) return "The API is overloaded: try again later.";
  return undefined;
}
