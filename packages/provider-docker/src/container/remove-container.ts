import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { inspectContainer, isStatus } from "./inspect-container.ts";
import { withDeadline } from "./with-deadline.ts";

const removeTimeoutMs = 60_000;
/** A connection that was kept may lead nowhere by now: then another one is made. The engine carries a removal through. */
const attemptTimeoutMs = 20_000;

export interface RemoveContainerOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Kills and removes a container with its anonymous volumes. Resolves when the engine confirms that it is gone. */
export async function removeContainer(
  engine: Docker,
  id: string,
  { signal }: RemoveContainerOptions = {},
): Promise<void> {
  await withDeadline({ operation: "removing the container", timeoutMs: removeTimeoutMs, signal }, async (cancelled) => {
    for (let waitMs = 10; ; waitMs = Math.min(waitMs * 2, 1000)) {
      const attempt = AbortSignal.any([cancelled, AbortSignal.timeout(attemptTimeoutMs)]);
      const failure = await tryRemove(engine, id, attempt);
      if (attempt.aborted && !cancelled.aborted) continue;
      const left = await inspectContainer(engine, id, attempt);
      if (left === undefined) return;
      // A refusal counts only when nothing is on its way: a removal that somebody else began answers 409 until it is done.
      if (failure !== undefined && left.status !== "removing" && waitMs >= 1000) throw failure;
      await delay(waitMs, undefined, { signal: cancelled });
    }
  });
}

async function tryRemove(engine: Docker, id: string, abortSignal: AbortSignal): Promise<unknown> {
  try {
    await engine.getContainer(id).remove({ force: true, v: true, abortSignal });
    return undefined;
  } catch (error) {
    return isStatus(error, 404) ? undefined : error;
  }
}
