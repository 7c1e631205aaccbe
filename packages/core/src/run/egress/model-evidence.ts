import type { HarnessResultEvent } from "../../events/harness-event.ts";
import type { RunContext } from "../context/run-context.ts";

/**
 * Whether a model had a part in what the harness calls a success: by the requests that the gateway read; where it reads none,
 * by the harness's own turns and tokens.
 */
export function hasModelEvidence({ spending, monitor }: RunContext, result: HarnessResultEvent | undefined): boolean {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 } = spending.tokens ?? {};
  if (monitor.modelReplies > 0 || input + output + cacheRead + cacheWrite > 0) return true;
  return !spending.isMetered && (result?.turns ?? 0) > 0;
}
