import type { RunResult } from "@glovebox/core";

/** How a run ended, as `wait --json` and `stop --json` print it. `result`: none while the run is running. */
export function endAsJson(runId: string, result: RunResult | undefined) {
  const { outcome, reason, exitCode, durationMs, files, cleanup } = result ?? {};
  const directory = files?.directory;
  return { runId, state: outcome ?? "running", reason, exitCode, durationMs, directory, cleanup };
}
