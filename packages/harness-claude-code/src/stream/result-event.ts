import type { HarnessResultEvent } from "@glovebox/core/harness";
import { type ResultLine, resultMessage, resultReason } from "../headless/result-line.ts";

/** Returns the event of a result line. */
export function resultEvent(line: ResultLine, turns: number | undefined): HarnessResultEvent {
  const reason = resultReason(line);
  return {
    type: "harness.result",
    ok: reason === "done",
    reason,
    message: resultMessage(line, reason),
    ...(typeof line.api_error_status === "number" ? { apiStatus: line.api_error_status } : {}),
    ...(turns === undefined ? {} : { turns }),
    ...(typeof line.total_cost_usd === "number" ? { costUsd: line.total_cost_usd } : {}),
    ...(typeof line.session_id === "string" ? { sessionId: line.session_id } : {}),
    ...(line.structured_output == null ? {} : { structuredOutput: line.structured_output }),
  };
}
