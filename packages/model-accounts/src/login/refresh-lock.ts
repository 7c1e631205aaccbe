import { mkdir, rmdir, stat, utimes } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxTimeoutError } from "@glovebox/core/provider";

/** A holder shows that it lives by the directory's time. These are Claude Code's own figures for its lock. */
const staleMs = 60_000;
const updateMs = 5000;
const retryMs = 50;

/**
 * Runs `work` while no other process does, on any number of processes of this host. The lock is a directory, so that a program
 * that locks in the same way is excluded too. `isDone` is asked before each try; once it says so, nothing is locked and run.
 */
export async function withRefreshLock(
  directory: string,
  { isDone, timeoutMs }: { readonly isDone: () => Promise<boolean>; readonly timeoutMs: number },
  work: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (await isDone()) return;
    if (await tryLock(directory)) break;
    if (Date.now() > deadline) {
      throw new SandboxTimeoutError(`Another process did not finish renewing a login within ${timeoutMs / 1000} s`, {
        hint: `If none is running, remove ${directory}`,
      });
    }
    await sleep(retryMs + Math.random() * retryMs);
  }
  const heartbeat = setInterval(() => void touch(directory), updateMs).unref();
  try {
    if (!(await isDone())) await work();
  } finally {
    clearInterval(heartbeat);
    await rmdir(directory).catch(() => {
      // Whoever found it stale has it; the login itself was replaced in one step.
    });
  }
}

async function tryLock(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const found = await stat(directory).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > staleMs) await rmdir(directory).catch(() => {});
  return false;
}

async function touch(directory: string): Promise<void> {
  const now = new Date();
  // A directory that is gone is noticed when it is released.
  await utimes(directory, now, now).catch(() => {});
}
