import { CapabilityUnsupportedError } from "../../errors/index.ts";
import type { RunContext } from "../context/run-context.ts";
import { asSandboxError } from "../failure.ts";
import { recordSnapshot } from "../fork/kept-snapshots.ts";
import type { RunSandbox } from "../sandbox/run-sandbox.ts";

const snapshotTimeoutMs = 10 * 60_000;

/** Makes the snapshot that forks of the run start from, if one was requested. A run does not fail for want of it. */
export async function snapshotStage(run: RunContext, sandbox: RunSandbox | undefined): Promise<void> {
  const { spec, runDirectory, lock, cancellation, reporter } = run;
  const { aborted } = cancellation;
  if (!spec.keepSnapshot || sandbox === undefined || aborted.aborted || !lock.isCurrent()) return;
  try {
    if (!spec.provider.capabilities.snapshot || spec.provider.removeSnapshot === undefined) {
      throw new CapabilityUnsupportedError(`the provider ${spec.provider.id} takes no snapshots that can be removed`);
    }
    reporter.progress("making a snapshot of the sandbox");
    const signal = AbortSignal.any([aborted, AbortSignal.timeout(snapshotTimeoutMs)]);
    const template = await sandbox.handle.snapshot({ signal });
    recordSnapshot(runDirectory, { madeFor: "run", template }).release();
  } catch (error) {
    reporter.warn("snapshot", `There is no snapshot for forks of the run: ${asSandboxError(error).message}`);
  }
}
