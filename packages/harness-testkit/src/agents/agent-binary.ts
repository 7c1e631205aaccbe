import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { DirectoryLock } from "@glovebox/core/state";
import { installPackage } from "./install-package.ts";

const packageName = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/;
const exactVersion = /^\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/;
/** Between two attempts to take the lock, in milliseconds. */
const retryMs = 250;

/**
 * Returns the directory of the programs of an npm package, such as a coding agent: its `node_modules/.bin`. The first call
 * installs exactly that version, and runs the package's own install scripts, in `~/.cache/glovebox/agents`; the environment
 * variable `GLOVEBOX_AGENT_CACHE` names another directory. Later calls, also of other processes, find it there. The
 * directory is never one that is only half installed.
 *
 * Throws `invalid-options` for a range in place of a version, and `unavailable` if npm fails.
 */
export async function agentBinary(npmPackage: string, version: string): Promise<string> {
  if (!packageName.test(npmPackage))
    throw new InvalidOptionsError(`Invalid package name ${JSON.stringify(npmPackage)}`);
  if (!exactVersion.test(version)) {
    throw new InvalidOptionsError(`${npmPackage}: ${JSON.stringify(version)} is not an exact version, such as 1.2.3`);
  }
  const cache = cacheDirectory();
  const name = `${npmPackage}@${version}`;
  const directory = join(cache, name);
  const programs = join(directory, "node_modules/.bin");
  if (await exists(directory)) return programs;
  const place = join(cache, ".installing", name.replace("/", "+"));
  await mkdir(place, { recursive: true });
  const lock = await acquire(place);
  try {
    if (await exists(directory)) return programs;
    const partial = join(place, "partial");
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    await writeFile(join(partial, "package.json"), "{}\n");
    await installPackage(partial, name);
    await mkdir(dirname(directory), { recursive: true });
    await rename(partial, directory);
    return programs;
  } finally {
    lock.release();
  }
}

function cacheDirectory(): string {
  return resolve(process.env.GLOVEBOX_AGENT_CACHE || join(homedir(), ".cache/glovebox/agents"));
}

/** Waits for a process that installs; npm's own deadline bounds the wait, and the lock of a dead process is free. */
async function acquire(place: string): Promise<DirectoryLock> {
  for (;;) {
    const lock = DirectoryLock.tryAcquire(place);
    if (lock !== undefined) return lock;
    await delay(retryMs);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}
