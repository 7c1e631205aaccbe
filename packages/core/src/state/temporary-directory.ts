import { lstatSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRunning } from "./is-running.ts";

const staleMs = 60 * 60_000;

/**
 * Default: makes a temporary directory, in the system's own where. What this user's killed processes left under the same name
 * goes first: nobody else would ever remove it.
 */
export async function makeTemporaryDirectory(name: string, parent: string = tmpdir()): Promise<string> {
  const pattern = new RegExp(`^${name}-(?<pid>\\d+)-[A-Za-z0-9]{6}$`);
  for (const found of await readdir(parent)) {
    const pid = pattern.exec(found)?.groups?.pid;
    if (pid !== undefined && !isRunning(Number(pid)) && isOwnAndOld(join(parent, found)))
      await rm(join(parent, found), { recursive: true, force: true });
  }
  return await mkdtemp(join(parent, `${name}-${process.pid}-`));
}

/** Old, because a process of another container cannot be looked for here. */
function isOwnAndOld(path: string): boolean {
  const existing = lstatSync(path, { throwIfNoEntry: false });
  return (
    existing?.isDirectory() === true && existing.uid === process.getuid?.() && Date.now() - existing.mtimeMs > staleMs
  );
}
