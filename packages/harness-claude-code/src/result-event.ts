import type { HarnessResultEvent } from "@glovebox/core/harness";
import type { ResultLine } from "./stream-line.ts";

/**
 * The verdict of a result line. `subtype: "success"` with `is_error: true` happens (every error of the API is told so) and
 * is no success.
 */
export function resultEvent(line: ResultLine, turns: number | undefined): HarnessResultEvent {
  const reason = reasonOf(line);
  return {
    type: "harness.result",
    ok: reason === "done",
    reason,
    message: reason === "aborted" ? "Interrupted" : (line.result ?? line.errors?.join("; ") ?? line.subtype),
    ...(typeof line.api_error_status === "number" ? { apiStatus: line.api_error_status } : {}),
    ...(turns === undefined ? {} : { turns }),
    ...(typeof line.total_cost_usd === "number" ? { costUsd: line.total_cost_usd } : {}),
    ...(typeof line.session_id === "string" ? { sessionId: line.session_id } : {}),
  };
}

function reasonOf(line: ResultLine): HarnessResultEvent["reason"] {
  if (line.subtype === "success" && !line.is_error) return "done";
  if (line.subtype === "error_max_turns") return "max-turns";
  if (line.subtype === "error_max_budget_usd") return "max-budget";
  if (line.terminal_reason?.startsWith("aborted")) return "aborted";
  if (line.terminal_reason === "api_error" || typeof line.api_error_status === "number") return "api-error";
  return "error";
}
