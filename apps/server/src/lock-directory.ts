import { makeHostDirectory } from "@glovebox/core/host-files";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import { DirectoryLock } from "@glovebox/core/state";

/**
 * Locks a directory for one server, until the lock is released or its process ends. Rejects with `invalid-options` while another
 * server has it: two servers would end each other's sandboxes, by time-outs that only one of them has extended.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const lock = await tryLock(directory);
  if (lock !== undefined) return lock;
  throw new InvalidOptionsError(`Another server uses ${directory}`, {
    hint: "Give this one a directory of its own: --state-dir.",
  });
}

async function tryLock(directory: string): Promise<DirectoryLock | undefined> {
  try {
    await makeHostDirectory(directory, 0o700);
    return DirectoryLock.tryAcquire(directory);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = SandboxError.isInstance(cause) ? message : (code ?? message);
    throw new InvalidOptionsError(`The directory ${directory} cannot be used (${reason})`, {
      hint: "See --state-dir.",
      cause,
    });
  }
}
