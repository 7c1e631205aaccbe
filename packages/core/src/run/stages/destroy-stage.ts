import type { SandboxError } from "../../errors/index.ts";
import type { Cleanup } from "../../events/run-event.ts";
import { ownerLabel, runLabel } from "../../provider/sandbox.ts";
import type { RunContext } from "../context/run-context.ts";
import { asSandboxError } from "../failure.ts";
import type { RunSandbox } from "../sandbox/run-sandbox.ts";

/** What there is to remove. */
export interface Remains {
  readonly sandbox: RunSandbox | undefined;
  /** A sandbox may exist although there is no handle on it. */
  readonly mayHaveSandbox: boolean;
  /** Why its files were not brought back completely. */
  readonly collectError: SandboxError | undefined;
}

const destroyTimeoutMs = 2 * 60_000;

/**
 * Removes the run's sandbox, or what an ambiguous create may have made. Has a signal of its own: what stopped the run does not
 * stop this, but an abort shortens it. A sandbox whose files could not be brought back is left for `glovebox reap`.
 */
export async function destroyStage(run: RunContext, remains: Remains): Promise<Cleanup> {
  const { sandbox, collectError } = remains;
  if (sandbox === undefined && !remains.mayHaveSandbox) return { state: "clean" };
  const { spec, reporter } = run;
  const { aborted, overdue } = run.cancellation;
  const place = { providerId: spec.provider.id, ...(sandbox === undefined ? {} : { sandboxId: sandbox.handle.id }) };
  if (sandbox !== undefined && mayHoldFiles(collectError) && !aborted.aborted) {
    await sandbox.close();
    const reason = `its files could not be brought back (${collectError?.message}); glovebox reap tries again`;
    return { state: "left", ...place, reason };
  }
  if (sandbox !== undefined && spec.keep) {
    await sandbox.close();
    return { state: "kept", providerId: spec.provider.id, sandboxId: sandbox.handle.id };
  }
  reporter.enter("destroying");
  const signal = AbortSignal.any([overdue, AbortSignal.timeout(destroyTimeoutMs)]);
  try {
    await reporter.retry("removing the sandbox", () => removeAll(run, sandbox, signal), signal);
    return { state: "clean" };
  } catch (error) {
    return { state: "left", ...place, reason: asSandboxError(error).message };
  }
}

/** Whether the sandbox may hold files that another try could bring back: not when it is gone. */
function mayHoldFiles(collectError: SandboxError | undefined): boolean {
  return collectError !== undefined && collectError.code !== "not-found";
}

async function removeAll(run: RunContext, sandbox: RunSandbox | undefined, signal: AbortSignal): Promise<void> {
  const { provider } = run.spec;
  run.lock.assertCurrent();
  if (sandbox !== undefined) return sandbox.handle.destroy({ signal });
  const labels = { [ownerLabel]: run.owner, [runLabel]: run.runId };
  for await (const { id } of provider.list({ labels }, { signal })) await provider.destroy(id, { signal });
}
