import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createRunStore, type RunResult, reap, wasAbandoned } from "@glovebox/core";
import type { SandboxProvider } from "@glovebox/core/provider";
import { DirectoryLock } from "@glovebox/core/state";
import { FailureEvidence } from "./retry-rule.ts";

const pollMs = 200;

/** Nobody can say that nothing of a run is running any more. */
export class RecoveryError extends Error {}

/** What is recovered, and by what. */
export interface RecoverAttemptOptions {
  readonly home: string;
  readonly runId: string;
  readonly providerOf: () => Promise<SandboxProvider>;
  readonly signal: AbortSignal;
}

/**
 * Brings back the files of a run whose process died, and removes its sandbox; waits for a run that another process holds.
 * Resolves to the result of a run that had ended by itself, and to `undefined` for one that was interrupted. Throws a
 * `RecoveryError` when nobody can say that nothing of it is running any more.
 */
export async function recoverAttempt(
  options: RecoverAttemptOptions,
): Promise<{ readonly result: RunResult; readonly evidence: FailureEvidence } | undefined> {
  const { home, runId, signal } = options;
  const directory = join(home, "runs", runId);
  for (;;) {
    while (DirectoryLock.isHeld(directory)) await pause(signal);
    const before = await resultOf(options);
    // A run that has ended and removed its sandbox needs nothing.
    if (before !== undefined && before.cleanup.state !== "left") break;
    await reapRun(options);
    if (!DirectoryLock.isHeld(directory)) break;
  }
  const result = await resultOf(options);
  if (result === undefined || wasAbandoned(result)) return undefined;
  const evidence = new FailureEvidence();
  for await (const event of createRunStore(home).events(runId)) evidence.add(event);
  return { result, evidence };
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(pollMs, undefined, { signal }).catch(() => {
    throw new RecoveryError("stopped while another process holds the run");
  });
}

async function reapRun({ home, runId, providerOf, signal }: RecoverAttemptOptions): Promise<void> {
  try {
    const { left } = await reap({ home, runId, provider: await providerOf(), signal });
    const [failed] = left.filter((one) => one.runId === runId && one.failed);
    if (failed === undefined) return;
    throw new RecoveryError(failed.reason);
  } catch (error) {
    if (error instanceof RecoveryError) throw error;
    throw new RecoveryError((error as Error).message, { cause: error });
  }
}

async function resultOf({ home, runId }: RecoverAttemptOptions): Promise<RunResult | undefined> {
  try {
    return await createRunStore(home).result(runId);
  } catch {
    // Damaged: recovery sets it aside, and the row runs again.
    return undefined;
  }
}
