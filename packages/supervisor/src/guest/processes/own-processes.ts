import { readFileSync } from "node:fs";
import { isPrivileged } from "../privilege.ts";
import { isTraceable, type ProcEntry, readProcEntry } from "./proc-entry.ts";

/** How long a bridge may take from its start to the token. */
const bridgeStartSeconds = 30;
/** The kernel's unit of times in /proc, on every architecture. */
const ticksPerSecond = 100;

/**
 * Tells the supervisor's own processes, which nothing here may signal, from the sandbox's. A supervisor that is root has all
 * of root's. One that shares its user with the agent has its own line of parents and the bridges that brought the token:
 * nothing that a process can choose, such as its name, its arguments or its environment, makes it one of them.
 */
export class OwnProcesses {
  /** The bridges' start times by their pid. */
  readonly #bridges = new Map<number, number>();

  /** Takes a process for a bridge until the returned function is called. Only call it for one that has brought the token. */
  addBridge(pid: number): () => void {
    const startTime = readProcEntry(pid)?.startTime;
    if (startTime === undefined) return () => {};
    this.#bridges.set(pid, startTime);
    return () => {
      if (this.#bridges.get(pid) === startTime) this.#bridges.delete(pid);
    };
  }

  has(entry: ProcEntry): boolean {
    if (entry.pid === 1) return true;
    if (isPrivileged) return entry.uid === 0;
    // Of another user there is nobody but what a debugger of the cluster's brings, which cannot be signalled.
    if (entry.uid !== process.getuid?.() || entry.pid === process.pid || entry.pid === process.ppid) return true;
    return this.#bridges.get(entry.pid) === entry.startTime || isStartingBridge(entry);
  }
}

/**
 * A bridge comes from outside, so that it has no parent here, which no process inside can bring about, and cannot be traced.
 * So does what people start in the cluster's way: it is left alone for the time that a bridge may take, and no longer.
 */
function isStartingBridge({ pid, ppid, startTime }: ProcEntry): boolean {
  if (ppid !== 0) return false;
  try {
    const uptime = Number(readFileSync("/proc/uptime", "latin1").split(" ")[0]);
    return uptime - startTime / ticksPerSecond < bridgeStartSeconds && !isTraceable(pid);
  } catch {
    // It has ended meanwhile.
    return false;
  }
}
