import type { HarnessResultEvent } from "../events/harness-event.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import type { ProcessExit } from "../provider/sandbox-process.ts";
import type { Harness, HarnessOutcome } from "./harness.ts";

/** How a message begins whose request Glovebox's own gateway refused. */
export const gatewayRefusal = "Glovebox refused the request";

/** What one agent's outcomes have that those of others do not. */
export interface AgentOutcomeOptions {
  /** The agent's name, as messages begin with it. */
  readonly agent: string;
  /** The program that is missing when the sandbox's shell ends with exit code 127. */
  readonly program: string;
  /** Standard error's end for a reader outside the sandbox. By default its last five lines, as they are. */
  readonly lastWords?: (stderrTail: string) => string;
  /** Advice for a result that only this agent reports. Given no advice, the API's status decides. */
  readonly resultHint?: (result: HarnessResultEvent, exit: ProcessExit) => string | undefined;
  /** Advice for an exit without a result that only this agent has. Given no advice, the exit decides. */
  readonly exitHint?: (exit: ProcessExit, lastWords: string) => string | undefined;
  /** The limits of the run that end it with the given reason. */
  readonly remedies?: Partial<Record<HarnessResultEvent["reason"], HarnessOutcome["remedy"]>>;
  /** `false` if the exit says nothing about the result, as of an agent that is ended from outside. By default `true`. */
  readonly exitCounts?: boolean;
}

/**
 * A harness's `outcome`, which judges a run by what its agent reported: success only if the result says so. An exit that
 * disagrees with the result is a warning, and without a result there is no success, whatever the exit code.
 */
export function agentOutcome(options: AgentOutcomeOptions): Harness["outcome"] {
  return (result, exit, stderrTail) =>
    result === undefined ? withoutResult(options, exit, stderrTail) : withResult(options, result, exit);
}

function withResult(options: AgentOutcomeOptions, result: HarnessResultEvent, exit: ProcessExit): HarnessOutcome {
  const { ok, reason, message } = result;
  const agrees = options.exitCounts === false || reason === "aborted" || ok === (exit.exitCode === 0);
  return dropUndefined({
    ok,
    reason,
    message,
    hint: resultHint(options, result, exit),
    remedy: options.remedies?.[reason],
    warning: agrees
      ? undefined
      : `${options.agent} reported ${ok ? "success" : "failure"}, but ended with ${exitText(exit)}`,
  });
}

const exitHints: Partial<Record<ProcessExit["reason"], string>> = {
  oom: "It ran out of memory: give the sandbox more.",
  timeout: "Give it more time, or a smaller task.",
  lost: "The connection to the sandbox broke: what happened beyond it is unknown.",
};

function withoutResult(
  { agent, program, exitHint, lastWords = lastLines }: AgentOutcomeOptions,
  exit: ProcessExit,
  stderrTail: string,
): HarnessOutcome {
  const words = lastWords(stderrTail).slice(-2048);
  const missing = exit.exitCode === 127 ? `The ${program} program is not in the sandbox's image.` : undefined;
  return dropUndefined({
    ok: false,
    reason: "no-result" as const,
    message: `${agent} ended with ${exitText(exit)} and without a result${words === "" ? "" : `: ${words}`}`,
    hint: exitHint?.(exit, words) ?? missing ?? exitHints[exit.reason],
  });
}

/** The last five lines of standard error. */
export function lastLines(stderrTail: string): string {
  return stderrTail.trim().split("\n").slice(-5).join("\n");
}

function exitText({ exitCode, reason, signal }: ProcessExit): string {
  if (reason !== "exited") return `${signal ?? "an exit"} (${reason})`;
  return exitCode === null ? (signal ?? "an unknown exit code") : `exit code ${exitCode}`;
}

/** A refusal by the gateway says itself what would help. */
function resultHint(options: AgentOutcomeOptions, result: HarnessResultEvent, exit: ProcessExit): string | undefined {
  if (result.reason !== "api-error" || result.message.includes(gatewayRefusal)) return undefined;
  return options.resultHint?.(result, exit) ?? apiHint(result.apiStatus);
}

/** What helps against a status of a model's API. `undefined` where nothing is known to. */
export function apiHint(status: number | undefined): string | undefined {
  if (status === 401 || status === 403) return "Check the API key or token, and what it may do.";
  if (status === 402) return "The account has no credit left.";
  if (status === 404) return "Check the name of the model.";
  if (status === 429) return "The account's rate limit is reached: try again later.";
  if (status === 503 || status === 529) return "The API is overloaded: try again later.";
  return status !== undefined && status >= 500 ? "The API failed: try again later." : undefined;
}
