import { SandboxError } from "@glovebox/core";

/** The run is another worker's by now, or has ended. */
export function supersededError(runId: string): SandboxError {
  return new SandboxError("aborted", `Another worker has taken the run ${runId} over`);
}
