import type { HarnessResultEvent } from "@glovebox/core/harness";
import { ownWords, readApiError } from "./api-error.ts";
import type { ResultLine } from "./stream-line.ts";

export interface ResultContext {
  /** What the model said after its last tool. */
  readonly answer: string;
  readonly turns: number;
  readonly sessionId: string | undefined;
}

/** Returns the event of a result line. */
export function resultEvent(line: ResultLine, { answer, turns, sessionId }: ResultContext): HarnessResultEvent {
  return {
    type: "harness.result",
    ...verdict(line, answer),
    turns,
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

function verdict(
  { status, error }: ResultLine,
  answer: string,
): Pick<HarnessResultEvent, "ok" | "reason" | "message" | "apiStatus"> {
  if (status === "success") return { ok: true, reason: "done", message: answer };
  const message = error?.message ?? error?.type ?? status;
  if (error?.type === "FatalTurnLimitedError") {
    return { ok: false, reason: "max-turns", message: "Reached the maximum number of turns" };
  }
  if (error?.type === "FatalCancellationError") return { ok: false, reason: "aborted", message: "Interrupted" };
  const api = readApiError(message);
  if (api === undefined) return { ok: false, reason: "error", message: ownWords(message) };
  const { message: said, status: apiStatus } = api;
  return { ok: false, reason: "api-error", message: said, ...(apiStatus === undefined ? {} : { apiStatus }) };
}
