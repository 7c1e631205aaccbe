import type { RunSummary } from "@glovebox/core";
import type { RunOptions } from "../config/run-options.ts";

/** What an earlier run recorded of itself, for what the command line leaves open. */
export function earlierOptions({ workspace, providerId, harnessId }: RunSummary, options: RunOptions): RunOptions {
  return {
    harness: harnessId,
    ...(options.sandbox === undefined ? { provider: providerId } : {}),
    ...(workspace === undefined ? {} : { workspace }),
    ...options,
  };
}
