import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { inspectContainer, isStatus } from "./inspect-container.ts";
import { withDeadline } from "./with-deadline.ts";

const removeTimeoutMs = 60_000;

export interface RemoveContainerOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Kills and removes a container with its anonymous volumes. Resolves when the engine confirms that it is gone. */
export async function removeContainer(
  engine: Docker,
  id: string,
  { signal }: RemoveContainerOptions = {},
): Promise<void> {
  await withDeadline({ doing: "removing the container", timeoutMs: removeTimeoutMs, signal }, async (unwanted) => {
    for (let waitMs = 10; ; waitMs = Math.min(waitMs * 2, 1000)) {
      const failure = await tryRemove(engine, id);
      const left = await inspectContainer(engine, id, unwanted);
      if (left === undefined) return;
      // A refusal counts only when nothing is on its way: a removal that somebody else began answers 409 until it is done.
      if (failure !== undefined && left.status !== "removing" && waitMs >= 1000) throw failure;
      await delay(waitMs, undefined, { signal: unwanted });
    }
  });
}

async function tryRemove(engine: Docker, id: string): Promise<unknown> {
  try {
    await engine.getContainer(id).remove({ force: true, v: true });
    return undefined;
  } catch (error) {
    return isStatus(error, 404) ? undefined : error;
  }
}
