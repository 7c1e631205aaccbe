import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type ProcEntry, readProcEntries, readProcEntry } from "./proc-entry.ts";

/** The majors of Unix98 terminals, 256 devices each. Source: the kernel's Documentation/admin-guide/devices.txt. */
const firstMajor = 136;

/** The program in a terminal that `script` has opened for it, and the terminal's device. */
export class Terminal {
  readonly pid: number;
  readonly device: string;
  readonly #startTime: number;

  private constructor({ pid, startTime, terminal }: ProcEntry) {
    const [major, minor] = [(terminal >> 8) & 0xfff, (terminal & 0xff) | ((terminal >> 12) & 0xfff00)];
    this.pid = pid;
    this.#startTime = startTime;
    this.device = `/dev/pts/${(major - firstMajor) * 256 + minor}`;
  }

  /** Resolves when the program runs, which `command` of the shell before it becomes; undefined when that has ended. */
  static async find(scriptPid: number, command: string, hasEnded: () => boolean): Promise<Terminal | undefined> {
    for (let waitMs = 1; !hasEnded(); waitMs = Math.min(waitMs * 2, 20)) {
      const child = readProcEntries().find(({ ppid }) => ppid === scriptPid);
      if (child !== undefined && child.terminal !== 0 && !readCommandLine(child.pid).includes(command)) {
        return new Terminal(child);
      }
      await delay(waitMs);
    }
    return undefined;
  }

  /** Throws for what is no signal. */
  signal(name: string): void {
    if (readProcEntry(this.pid)?.startTime !== this.#startTime) return;
    try {
      process.kill(this.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function readCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}
