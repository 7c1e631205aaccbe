import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError, SandboxNotFoundError, SandboxStoppedError } from "../../errors/index.ts";
import type { SandboxState } from "../../provider/sandbox.ts";
import type { RunSandbox } from "../sandbox/run-sandbox.ts";
import type { CancellationController } from "../stop/cancellation-controller.ts";

const lookTimeoutMs = 20_000;
const betweenLooksMs = 250;

/**
 * Finds out whether an error is only a consequence of what happened to the sandbox: it was removed, was stopped, or stopped
 * because its lease ended. `undefined` while the sandbox runs, and where that cannot be found out. A sandbox that is stopping
 * ends its processes first, so it is looked at again for `forMs`.
 */
export async function sandboxFailure(
  sandbox: RunSandbox,
  cancellation: CancellationController,
  forMs = 0,
): Promise<SandboxError | undefined> {
  const until = performance.now() + forMs;
  for (;;) {
    const failure = await look(sandbox, cancellation);
    if (failure !== undefined || performance.now() >= until || cancellation.stopping.aborted) return failure;
    await sleep(betweenLooksMs);
  }
}

async function look(sandbox: RunSandbox, { aborted }: CancellationController): Promise<SandboxError | undefined> {
  const signal = AbortSignal.any([aborted, AbortSignal.timeout(lookTimeoutMs)]);
  try {
    const { state } = await sandbox.handle.info({ signal });
    return state === "stopped" || state === "paused" ? stopped(sandbox, state) : undefined;
  } catch (error) {
    if (!SandboxError.isInstance(error)) return undefined;
    if (error.code === "not-found") return removed(sandbox, error);
    return error.code === "stopped" ? stopped(sandbox, "stopped", error) : undefined;
  }
}

function removed({ handle }: RunSandbox, cause: SandboxError): SandboxError {
  return new SandboxNotFoundError("The sandbox was removed while the run needed it, by something other than the run", {
    providerId: handle.providerId,
    hint: "What was in it is lost. Look for what removes sandboxes or containers on the provider's side.",
    cause,
  });
}

function stopped({ handle, isLeaseOver }: RunSandbox, state: SandboxState, cause?: SandboxError): SandboxError {
  const options = { providerId: handle.providerId, cause };
  if (isLeaseOver) {
    return new SandboxStoppedError("The sandbox stopped because its lease ended: the run could not extend it in time", {
      ...options,
      hint: "This machine may have slept or lost its network. With a longer lease a sandbox outlives that.",
      remedy: { raise: "leaseMs" },
    });
  }
  return new SandboxStoppedError(
    `The sandbox was ${state} while the run needed it, by something other than the run`,
    options,
  );
}
