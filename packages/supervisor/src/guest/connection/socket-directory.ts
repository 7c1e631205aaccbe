import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { supervisorPaths } from "../../supervisor-paths.ts";

/** Where /run is missing or may not be written, memory that every container has. */
const candidates = [supervisorPaths.socketDir, "/dev/shm/glovebox"];

/** Makes or takes root's own directory for the socket; undefined where none can be had. */
export function makeSocketDirectory(): string | undefined {
  for (const directory of candidates) {
    try {
      mkdirSync(directory, { mode: 0o700 });
    } catch {
      // It is there, or cannot be made; which of them is looked at next.
    }
    try {
      if (lstatSync(directory).uid === 0) chmodSync(directory, 0o700);
    } catch {
      continue;
    }
    if (isOwn(directory)) return directory;
  }
  return undefined;
}

/** The directory that the supervisor has taken. One that somebody else could have made is not it. */
export function findSocketDirectory(): string | undefined {
  return candidates.find(isOwn);
}

function isOwn(directory: string): boolean {
  const found = lstatSync(directory, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === 0 && (found.mode & 0o077) === 0;
}

export const socketName = "supervisor.sock";
