import { asUser, type SandboxUser } from "./as-user.ts";
import type { ProcessSelector } from "./end-processes.ts";
import type { OwnProcesses } from "./own-processes.ts";
import { type ProcEntry, readProcEntry, readProcVariable } from "./proc-entry.ts";

/** The variable that tells, in a process's environment, which spawned process it descends from. */
export const processMarker = "GLOVEBOX_PROCESS";

export interface TreeOptions {
  readonly leaderPid: number;
  readonly id: string;
  /** Whom it was started as. What root itself started is left alone unless that is root. */
  readonly user: SandboxUser;
  readonly ownProcesses: OwnProcesses;
  /** Whether another spawned process lives, to which an orphan without a name could belong. */
  readonly othersLive: () => boolean;
}

/**
 * Picks a spawned process and everything that descends from it: by parent, by session, by the marker in its environment
 * (what called setsid and lost its parent), and orphans that hide the marker when nothing else could own them.
 */
export function selectTree(options: TreeOptions): ProcessSelector {
  const { leaderPid, id, user, ownProcesses } = options;
  const isRoot = user.uid === 0;
  const ownSession = readProcEntry(process.pid)?.session;
  const leaderStart = readProcEntry(leaderPid)?.startTime ?? Number.POSITIVE_INFINITY;
  const markers = new Map<string, string | undefined>();
  const markerOf = (entry: ProcEntry): string | undefined => {
    const key = `${entry.pid} ${entry.startTime}`;
    if (!markers.has(key)) markers.set(key, readProcVariable(entry.pid, processMarker));
    return markers.get(key);
  };
  return (all, known) => {
    const entries = all.filter((entry) => (isRoot ? entry.pid !== 1 : !ownProcesses.has(entry)));
    // Who adopts what has lost its parent: the first process, or one that stands between it and the supervisor.
    const adopters = [1, process.ppid];
    const members = new Map<number, ProcEntry>();
    const sessions = new Set<number>([leaderPid]);
    const add = (entry: ProcEntry): void => {
      members.set(entry.pid, entry);
      if (entry.session !== ownSession) sessions.add(entry.session);
    };
    for (const entry of entries) if (entry.pid === leaderPid || known.has(entry.pid)) add(entry);
    asUser(user, () => {
      for (const entry of entries) if (!members.has(entry.pid) && markerOf(entry) === id) add(entry);
    });
    // Root cannot read what names the user's processes, and would take every orphan of theirs for one without a name.
    if (!isRoot && !options.othersLive()) {
      for (const entry of entries) {
        if (adopters.includes(entry.ppid) && entry.startTime >= leaderStart && markerOf(entry) === undefined)
          add(entry);
      }
    }
    for (let before = -1; before < members.size; ) {
      before = members.size;
      for (const entry of entries) {
        if (!members.has(entry.pid) && (members.has(entry.ppid) || sessions.has(entry.session))) add(entry);
      }
    }
    return members.values();
  };
}
