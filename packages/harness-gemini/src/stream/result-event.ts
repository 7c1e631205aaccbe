import type { HarnessResultEvent } from "@glovebox/core/harness";
import { ownWords, readApiError } from "./api-error.ts";
import type { ResultLine } from "./stream-line.ts";

export interface ResultContext {
  /** What the model said after its last tool. */
  readonly answer: string;
  /** The warning or error after which the model did not continue. */
  readonly complaint: string | undefined;
  readonly turns: number;
  readonly sessionId: string | undefined;
}

/** Returns the event of a result line. */
export function resultEvent(line: ResultLine, { turns, sessionId, ...context }: ResultContext): HarnessResultEvent {
  return {
    type: "harness.result",
    ...verdict(line, context),
    turns,
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

function verdict(
  { status, error }: ResultLine,
  { answer, complaint }: Pick<ResultContext, "answer" | "complaint">,
): Pick<HarnessResultEvent, "ok" | "reason" | "message" | "apiStatus"> {
  // Stopped by its own check for loops, or by a hook, it still says success.
  if (status === "success" && complaint === undefined) return { ok: true, reason: "done", message: answer };
  const message = error?.message ?? error?.type ?? complaint ?? status;
  if (error?.type === "FatalTurnLimitedError") {
    return { ok: false, reason: "max-turns", message: "Reached the maximum number of turns" };
  }
  if (error?.type === "FatalCancellationError") return { ok: false, reason: "aborted", message: "Interrupted" };
  const api = readApiError(message);
  if (api === undefined) return { ok: false, reason: "error", message: ownWords(message) };
  const { message: said, status: apiStatus } = api;
  return { ok: false, reason: "api-error", message: said, ...(apiStatus === undefined ? {} : { apiStatus }) };
}
