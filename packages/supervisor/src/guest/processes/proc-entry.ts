import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from "node:fs";

/** A process as /proc shows it. `pid` and `startTime` together identify it permanently. */
export interface ProcEntry {
  readonly pid: number;
  readonly ppid: number;
  readonly session: number;
  /** The device number of its controlling terminal; 0 when it has none. */
  readonly terminal: number;
  /** In ticks since the system's start. */
  readonly startTime: number;
  readonly uid: number;
  /** It has ended and waits to be reaped. */
  readonly dead: boolean;
  /** By a signal that stops. */
  readonly stopped: boolean;
}

const scarcity: ReadonlySet<string> = new Set(["EMFILE", "ENFILE", "ENOMEM"]);

/** Every process there is. One that ends while it is read is left out. */
export function readProcEntries(): ProcEntry[] {
  const entries: ProcEntry[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const entry = readProcEntry(pid);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

export function readProcEntry(pid: number): ProcEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the name, which the process chooses: only what follows the last parenthesis is the kernel's.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    const uid = /^Uid:\t(\d+)/m.exec(status)?.[1];
    if (uid === undefined) return undefined;
    return {
      pid,
      ppid: Number(fields[1]),
      session: Number(fields[3]),
      terminal: Number(fields[4]),
      startTime: Number(fields[19]),
      uid: Number(uid),
      stopped: fields[0] === "T",
      dead: fields[0] === "Z" || fields[0] === "X",
    };
  } catch (error) {
    // It has ended meanwhile. What lacks descriptors or memory must not look as if nothing ran.
    if (scarcity.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return undefined;
  }
}

/**
 * Whether others of its user may trace a process and read its memory. Where they may not, the kernel shows root as the owner
 * of what they would read. Throws when the process has ended.
 */
export function isTraceable(pid: number): boolean {
  return statSync(`/proc/${pid}/environ`).uid === process.getuid?.();
}

const environ = Buffer.alloc(256 * 1024);

/** The value of a variable in a process's initial environment; undefined when it is not there or cannot be read. */
export function readProcVariable(pid: number, name: string): string | undefined {
  let length = 0;
  try {
    const file = openSync(`/proc/${pid}/environ`, "r");
    try {
      for (let read = 1; read > 0 && length < environ.length; length += read) {
        read = readSync(file, environ, length, environ.length - length, null);
      }
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
  const text = `\0${environ.toString("latin1", 0, length)}`;
  const at = text.indexOf(`\0${name}=`);
  if (at < 0) return undefined;
  const start = at + name.length + 2;
  const end = text.indexOf("\0", start);
  return text.slice(start, end < 0 ? undefined : end);
}
