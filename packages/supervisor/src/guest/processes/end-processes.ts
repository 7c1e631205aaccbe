import { setTimeout as delay } from "node:timers/promises";
import { type ProcEntry, readProcEntries } from "./proc-entry.ts";

/** Picks, out of every process there is, those that are to end. `known` holds what was picked before and still lives. */
export type ProcessSelector = (entries: readonly ProcEntry[], known: ReadonlySet<number>) => Iterable<ProcEntry>;

const stopDeadlineMs = 5_000;
const goneDeadlineMs = 15_000;

/**
 * Ends processes that may fork meanwhile: stops every one of them until a look finds no new one, kills them all, and
 * resolves when a look finds none alive. Throws when some outlive it.
 */
export async function endProcesses(select: ProcessSelector): Promise<void> {
  const startTimes = new Map<number, number>();
  const look = (): ProcEntry[] => {
    const entries = readProcEntries();
    const known = new Set<number>();
    for (const entry of entries) if (startTimes.get(entry.pid) === entry.startTime) known.add(entry.pid);
    return [...select(entries, known)].filter((entry) => !entry.dead && entry.pid !== process.pid);
  };
  const stopUntil = Date.now() + stopDeadlineMs;
  for (let found = true; found && Date.now() < stopUntil; ) {
    found = false;
    for (const entry of look()) {
      if (startTimes.get(entry.pid) === entry.startTime) continue;
      startTimes.set(entry.pid, entry.startTime);
      signalProcess(entry.pid, "SIGSTOP");
      found = true;
    }
  }
  const goneBy = Date.now() + goneDeadlineMs;
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 50)) {
    const alive = look();
    if (alive.length === 0) return;
    for (const entry of alive) {
      startTimes.set(entry.pid, entry.startTime);
      signalProcess(entry.pid, "SIGKILL");
    }
    if (Date.now() > goneBy) throw new Error(`${alive.length} processes could not be ended.`);
    await delay(waitMs);
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone; whether all are is decided by looking again.
  }
}
