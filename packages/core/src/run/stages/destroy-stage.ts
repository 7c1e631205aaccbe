import type { Cleanup } from "../../events/run-event.ts";
import { ownerLabel, runLabel } from "../../provider/sandbox.ts";
import { asSandboxError, type Execution } from "../execution.ts";

const destroyTimeoutMs = 2 * 60_000;

/**
 * Removes the run's sandbox, and what an ambiguous create may have made. Has a signal of its own: nothing that stopped the
 * run stops this. A sandbox whose files could not be brought back is left for `glovebox reap`.
 */
export async function destroyStage(execution: Execution): Promise<Cleanup> {
  const { spec, sandbox } = execution;
  if (sandbox === undefined && !execution.mayHaveSandbox) return { state: "clean" };
  const signal = AbortSignal.timeout(destroyTimeoutMs);
  const providerId = spec.provider.id;
  if (sandbox !== undefined && execution.collectError !== undefined && !execution.stopSwitch.aborted.aborted) {
    await sandbox.close().catch(() => {});
    const reason = `its files could not be brought back (${execution.collectError.message})`;
    return {
      state: "left",
      providerId,
      sandboxId: sandbox.id,
      reason: `${reason}; glovebox reap tries again once its lease has ended`,
    };
  }
  if (sandbox !== undefined && spec.keep) {
    await sandbox.close().catch(() => {});
    return { state: "kept", providerId, sandboxId: sandbox.id };
  }
  execution.enter("destroying");
  try {
    await execution.retry("removing the sandbox", () => removeAll(execution, signal), signal);
    return { state: "clean" };
  } catch (error) {
    const reason = asSandboxError(error).message;
    return { state: "left", providerId, ...(sandbox === undefined ? {} : { sandboxId: sandbox.id }), reason };
  }
}

async function removeAll(execution: Execution, signal: AbortSignal): Promise<void> {
  const { spec, sandbox, runId, options } = execution;
  options.lock.assertCurrent();
  if (sandbox !== undefined) return sandbox.destroy({ signal });
  for await (const info of spec.provider.list(
    { labels: { [ownerLabel]: options.owner, [runLabel]: runId } },
    { signal },
  )) {
    await spec.provider.destroy(info.id, { signal });
  }
}
