import { setTimeout as delay } from "node:timers/promises";
import { SandboxStoppedError, SandboxUnavailableError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { z } from "zod";
import { inspectSandbox } from "./inspect-container.ts";
import { withDeadline } from "./with-deadline.ts";

const pauseTimeoutMs = 30_000;
/** How long a second process of a container may take to start before it is taken for one that nobody will. */
const startingMs = 3_000;
const betweenLooksMs = 20;
/** Processes that are born as fast as the kernel freezes them can outrun it for a moment. */
const tries = 3;

/** Freezes a container that runs. Resolves when the engine says so; when it rejects, the container runs on. */
export async function pauseContainer(engine: Docker, id: string, signal?: AbortSignal): Promise<void> {
  for (let left = tries; ; left -= 1) {
    try {
      return await pauseOnce(engine, id, signal);
    } catch (error) {
      if (left === 1 || !(error instanceof SandboxUnavailableError)) throw error;
    }
  }
}

async function pauseOnce(engine: Docker, id: string, signal: AbortSignal | undefined): Promise<void> {
  const container = engine.getContainer(id);
  const pausing = { operation: "pausing the container", timeoutMs: pauseTimeoutMs, signal };
  await untilExecsRun(engine, id, signal);
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

const execsSchema = z.object({ ExecIDs: z.array(z.string()).nullish() });
const execSchema = z.object({ Running: z.boolean(), Pid: z.number(), ExitCode: z.number().nullish() });

/**
 * Waits for processes of the engine's that are about to start. One that is frozen before it has, holds the engine up permanently
 * (20.10, seen): the container could be neither woken nor removed.
 */
async function untilExecsRun(engine: Docker, id: string, signal: AbortSignal | undefined): Promise<void> {
  const looking = { operation: "looking for processes that start", timeoutMs: pauseTimeoutMs, signal };
  const starting = async (cancelled: AbortSignal): Promise<boolean> => {
    const { ExecIDs } = execsSchema.parse(await engine.getContainer(id).inspect({ abortSignal: cancelled }));
    const execs = await Promise.all(
      (ExecIDs ?? []).map(async (execId) => {
        const options = { abortSignal: cancelled };
        return execSchema.parse(await engine.getExec(execId).inspect(options));
      }),
    );
    return execs.some(({ Running, Pid, ExitCode }) => Pid === 0 && (Running || typeof ExitCode !== "number"));
  };
  const until = performance.now() + startingMs;
  while ((await withDeadline(looking, starting)) && performance.now() < until) await delay(betweenLooksMs);
}
