import { chmodSync, lstatSync, mkdirSync } from "node:fs";
import { supervisorPaths } from "../supervisor-paths.ts";

/** Where /run is missing or may not be written, memory that every container has. */
const candidates = [supervisorPaths.socketDir, "/dev/shm/glovebox"];

/** Makes or takes root's own folder for the socket; undefined where none can be had. */
export function makeSocketFolder(): string | undefined {
  for (const folder of candidates) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch {
      // It is there, or cannot be made; which of them is looked at next.
    }
    try {
      if (lstatSync(folder).uid === 0) chmodSync(folder, 0o700);
    } catch {
      continue;
    }
    if (isOwn(folder)) return folder;
  }
  return undefined;
}

/** The folder that the supervisor has taken. One that somebody else could have made is not it. */
export function findSocketFolder(): string | undefined {
  return candidates.find(isOwn);
}

function isOwn(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === 0 && (found.mode & 0o077) === 0;
}

export const socketName = "supervisor.sock";
