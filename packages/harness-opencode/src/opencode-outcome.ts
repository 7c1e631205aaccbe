import type { HarnessOutcome, HarnessResultEvent, ProcessExit } from "@glovebox/core/harness";
import { dropUndefined } from "@glovebox/core/provider";
import { gatewayRefusal, ownWords } from "./stream/own-words.ts";

/** Success only if the last step says so; an exit that disagrees is a warning, and without a verdict there is no success. */
export function openCodeOutcome(
  result: HarnessResultEvent | undefined,
  exit: ProcessExit,
  stderrTail: string,
): HarnessOutcome {
  if (result === undefined) return withoutResult(exit, stderrTail);
  const { ok, reason, message } = result;
  const agrees = reason === "aborted" || ok === (exit.exitCode === 0);
  return dropUndefined({
    ok,
    reason,
    message,
    hint: hintOf(result),
    warning: agrees
      ? undefined
      : `OpenCode's last step says ${ok ? "success" : "failure"}, but it ended with ${exitText(exit)}`,
  });
}

function withoutResult(exit: ProcessExit, stderrTail: string): HarnessOutcome {
  const lastWords = ownWords(plain(stderrTail).trim().split("\n").slice(-5).join("\n").slice(-2048));
  const hints: Partial<Record<ProcessExit["reason"], string>> = {
    oom: "It ran out of memory: give the sandbox more.",
    timeout: "Give it more time, or a smaller task.",
    lost: "The connection to the sandbox broke: what happened beyond it is unknown.",
  };
  return dropUndefined({
    ok: false,
    reason: "no-result" as const,
    message: `OpenCode ended with ${exitText(exit)} and without a result${lastWords === "" ? "" : `: ${lastWords}`}`,
    hint: exit.exitCode === 127 ? "The opencode program is not in the sandbox's image." : hints[exit.reason],
  });
}

/** Without the colours of a terminal. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  return text.replace(/\u001b\[[\d;]*m/g, "");
}

function exitText(exit: ProcessExit): string {
  if (exit.reason !== "exited") return `${exit.signal ?? "an exit"} (${exit.reason})`;
  return exit.exitCode === null ? (exit.signal ?? "an unknown exit code") : `exit code ${exit.exitCode}`;
}

function hintOf({ reason, apiStatus, message }: HarnessResultEvent): string | undefined {
  // A refusal by the gateway says itself what would help.
  if (reason !== "api-error" || message.startsWith(gatewayRefusal)) return undefined;
  if (message.includes("max_completion_tokens")) {
    return "This model needs OpenAI's Responses API: set `openaiApi` to `responses` in the settings of the harness.";
  }
  if (apiStatus === 401 || apiStatus === 403) return "Check the API key, and what it may do.";
  if (apiStatus === 402) return "The account has no credit left.";
  if (apiStatus === 404) return "Check the name of the model.";
  if (apiStatus === 429) return "The account's rate limit is reached: try again later.";
  if (apiStatus === 529 || apiStatus === 503) return "The API is overloaded: try again later.";
  return undefined;
}
