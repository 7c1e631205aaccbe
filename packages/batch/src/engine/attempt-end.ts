import type { RunResult, RunStore } from "@glovebox/core";
import { SandboxError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { AttemptEnd } from "../store/batch-event.ts";
import type { RowState } from "../store/row-states.ts";
import type { Verification } from "../verify/verification.ts";

const longestReason = 500;

/** What is recorded of an attempt whose run ended. `isFinal`: nothing more is to be run for the row. */
export function endOfRun(result: RunResult, isFinal: boolean, verification?: Verification): AttemptEnd {
  const { outcome, reason, exitCode, durationMs, costUsd, tokens } = result;
  return {
    outcome,
    reason: safeLine(verification?.passed === false ? verification.reason : reason, longestReason),
    exitCode,
    durationMs,
    isFinal,
    ...(costUsd === undefined ? {} : { costUsd }),
    ...(tokens === undefined ? {} : { tokens: tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite }),
    ...(verification === undefined ? {} : { verification }),
  };
}

/** What is recorded of an attempt that has no run. */
export function endWithoutRun(error: unknown): AttemptEnd {
  const message = error instanceof Error ? error.message : String(error);
  const isKnown = SandboxError.isInstance(error);
  return {
    outcome: "not-started",
    reason: safeLine(isKnown ? message : `Unexpected: ${message}`, longestReason),
    exitCode: isKnown && error.code === "invalid-options" ? 2 : 3,
    durationMs: 0,
    isFinal: true,
  };
}

/** What is recorded of an attempt whose process died before its run ended, with what its journal says about the cost. */
export async function endOfInterrupted(runs: RunStore, runId: string, startedAt: string): Promise<AttemptEnd> {
  const spent = { usd: 0, tokens: 0 };
  try {
    for await (const event of runs.events(runId)) {
      if (event.type !== "usage" || event.source !== "gateway") continue;
      spent.usd += event.costUsd ?? 0;
      spent.tokens += event.input + event.output + event.cacheRead + event.cacheWrite;
    }
  } catch {
    // Without a journal nothing was spent, or nobody can say how much.
  }
  return {
    outcome: "interrupted",
    reason: "The process that ran it ended before the run did",
    exitCode: 4,
    durationMs: Math.max(0, Date.now() - Date.parse(startedAt)),
    isFinal: false,
    costUsd: spent.usd,
    tokens: spent.tokens,
  };
}

/** How many attempts of a row have failed, interrupted ones apart. */
export function failuresOf({ attempts }: RowState): number {
  return attempts.filter(({ end }) => end?.outcome === "failed").length;
}
