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
  let own: string | undefined;
  for (;;) {
    if (await isDone()) return;
    own = await tryLock(directory);
    if (own !== undefined) break;
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
    // After a suspension somebody else may have found it stale, and have one of their own in its place.
    if ((await identityOf(directory)) === own) await rmdir(directory).catch(() => {});
  }
}

/** Returns what tells the lock from another one in its place. */
async function tryLock(directory: string): Promise<string | undefined> {
  try {
    await mkdir(directory, { mode: 0o700 });
    return await identityOf(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const found = await stat(directory).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > staleMs) await rmdir(directory).catch(() => {});
  return undefined;
}

/** A number of a file is used again, so its time of birth belongs to it. */
async function identityOf(directory: string): Promise<string | undefined> {
  const found = await stat(directory, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.ino} ${found.birthtimeNs}`;
}

async function touch(directory: string): Promise<void> {
  const now = new Date();
  // A directory that is gone is noticed when it is released.
  await utimes(directory, now, now).catch(() => {});
}
