import { readFileSync } from "node:fs";
import { readProcEntries } from "../processes/proc-entry.ts";

/** Whether nothing can change the user's files: no process of the user's lives but this one, and none can become root. */
export function isQuiet(): boolean {
  const noNewPrivileges = /^NoNewPrivs:\t1$/m.test(readFileSync("/proc/self/status", "latin1"));
  return noNewPrivileges && readProcEntries().every(({ uid, pid, dead }) => uid === 0 || pid === process.pid || dead);
}
