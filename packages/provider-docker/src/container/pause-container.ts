import { SandboxStoppedError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { inspectSandbox } from "./inspect-container.ts";
import { withDeadline } from "./with-deadline.ts";

const pauseTimeoutMs = 30_000;

/** Freezes a container that runs. Resolves when the engine says so; when it rejects, the container runs on. */
export async function pauseContainer(engine: Docker, id: string, signal?: AbortSignal): Promise<void> {
  const container = engine.getContainer(id);
  const pausing = { doing: "pausing the container", timeoutMs: pauseTimeoutMs, signal };
  let answer: Promise<unknown> | undefined;
  try {
    await withDeadline(pausing, () => {
      answer = container.pause();
      return answer;
    });
  } catch (error) {
    // It may be paused all the same, by this call or another one.
    const undoing = { ...pausing, signal: undefined };
    await withDeadline(undoing, async () => answer).catch(() => {});
    const { status } = await withDeadline(undoing, () => inspectSandbox(engine, id));
    if (status === "paused" && !signal?.aborted) return;
    if (status === "paused") await withDeadline(undoing, () => container.unpause());
    if (status !== "exited") throw error;
    throw new SandboxStoppedError(`The Docker sandbox ${id} does not run, and cannot be paused`, {
      providerId: "docker",
      hint: "Its files are there: connect with wakeForMs to start it.",
    });
  }
}
