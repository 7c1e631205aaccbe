import type { HarnessOutcome, HarnessResultEvent, ProcessExit } from "@glovebox/core/harness";
import { dropUndefined } from "@glovebox/core/provider";
import { gatewayRefusal, ownWords } from "./stream/api-error.ts";

/** Success only if the result says so; an exit that disagrees is a warning, and without a result there is no success. */
export function geminiOutcome(
  result: HarnessResultEvent | undefined,
  exit: ProcessExit,
  stderrTail: string,
): HarnessOutcome {
  if (result === undefined) return withoutResult(exit, stderrTail);
  const { ok, reason, message, apiStatus = statusOfExit(exit) } = result;
  const agrees = reason === "aborted" || ok === (exit.exitCode === 0);
  return dropUndefined({
    ok,
    reason,
    message,
    // A refusal by the gateway says itself what would help.
    hint: reason === "api-error" && !message.startsWith(gatewayRefusal) ? hintOf(apiStatus, message) : undefined,
    remedy: reason === "max-turns" ? ({ raise: "maxTurns" } as const) : undefined,
    warning: agrees
      ? undefined
      : `Gemini CLI's result says ${ok ? "success" : "failure"}, but it ended with ${exitText(exit)}`,
  });
}

/** Gemini CLI exits with the HTTP status, of which a process keeps the remainder of 256: 401 is 145, 429 is 173, 500 is 244. */
function statusOfExit({ exitCode }: ProcessExit): number | undefined {
  if (exitCode === null) return undefined;
  return [exitCode + 256, exitCode + 512].find((status) => status >= 400 && status < 530);
}

/** Its own exit codes. */
const fatal: Readonly<Record<number, string>> = {
  41: "It could not log in: the run needs GEMINI_API_KEY.",
  52: "A settings file of Gemini CLI is not valid.",
  127: "The gemini program is not in the sandbox's image.",
};

function withoutResult(exit: ProcessExit, stderrTail: string): HarnessOutcome {
  const lastWords = ownWords(stderrTail.trim().split("\n").slice(-5).join("\n").slice(-2048));
  const hints: Partial<Record<ProcessExit["reason"], string>> = {
    oom: "It ran out of memory: give the sandbox more.",
    timeout: "Give it more time, or a smaller task.",
    lost: "The connection to the sandbox broke: what happened beyond it is unknown.",
  };
  return dropUndefined({
    ok: false,
    reason: "no-result" as const,
    message: `Gemini CLI ended with ${exitText(exit)} and without a result${lastWords === "" ? "" : `: ${lastWords}`}`,
    hint: fatal[exit.exitCode ?? -1] ?? hints[exit.reason],
  });
}

function exitText(exit: ProcessExit): string {
  if (exit.reason !== "exited") return `${exit.signal ?? "an exit"} (${exit.reason})`;
  return exit.exitCode === null ? (exit.signal ?? "an unknown exit code") : `exit code ${exit.exitCode}`;
}

function hintOf(apiStatus: number | undefined, message: string): string | undefined {
  // The API answers a key that it does not know with 400.
  if (message.includes("API key not valid")) return "Check the API key, and what it may do.";
  if (apiStatus === 401 || apiStatus === 403) return "Check the API key, and what it may do.";
  if (apiStatus === 402) return "The account has no credit left.";
  if (apiStatus === 404) return "Check the name of the model.";
  if (apiStatus === 429) return "The account's rate limit is reached: try again later.";
  if (apiStatus === 503 || apiStatus === 529) return "The API is overloaded: try again later.";
  return undefined;
}
