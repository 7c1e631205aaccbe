import { setTimeout as sleep } from "node:timers/promises";
import { createRunStore, type RunResult, reap } from "@glovebox/core";
import { SandboxLostError, type SandboxProvider } from "@glovebox/core/provider";
import type { Run } from "@glovebox/store";

interface RecoverOptions {
  readonly home: string;
  readonly provider: SandboxProvider;
  readonly signal: AbortSignal;
}

const attempts = 5;
const betweenMs = 5_000;

/**
 * Brings back the files of a run whose worker is gone, and removes its sandbox. Throws `lost` if nobody can say what became of it:
 * its sandbox may then be left.
 */
export async function recoverRun(run: Run, { home, provider, signal }: RecoverOptions): Promise<RunResult> {
  let reason = "no record of it is left";
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      const { left } = await reap({ home, provider, runId: run.id, signal });
      const result = await createRunStore(home).result(run.id);
      const failed = left.find((one) => one.runId === run.id);
      if (failed === undefined && result !== undefined) return result;
      reason = failed?.reason ?? reason;
    } catch (error) {
      if (signal.aborted) throw error;
      reason = (error as Error).message;
    }
    if (attempt < attempts) await sleep(betweenMs, undefined, { signal });
  }
  throw new SandboxLostError(`The worker that carried the run ended, and the run could not be recovered: ${reason}`);
}
