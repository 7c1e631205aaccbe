import { randomUUID } from "node:crypto";
import {
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { SandboxError } from "../errors/index.ts";
import { makeHostDirectorySync } from "../host-files/make-host-directory.ts";
import { readHostTextSync } from "../host-files/read-host-file.ts";
import { type HostProcess, livenessOf, parseHostProcess, thisProcess } from "./host-process.ts";

const heartbeatMs = 10_000;
/** A holder that cannot be looked at from here counts as living for so long after its last activity. */
const staleMs = 2 * 60_000;

/**
 * Who may write in a directory: the process that made the newest epoch. Taking a directory over makes the next epoch; from then
 * on the older holder finds itself superseded, and writes and destroys nothing. A holder on this machine is alive as long
 * as its process is; one on another machine, in another container or before the last boot as long as it shows activity.
 */
export class DirectoryLock {
  readonly #directory: string;
  readonly #heartbeat: NodeJS.Timeout;
  readonly epoch: number;

  private constructor(directory: string, epoch: number) {
    this.#directory = directory;
    this.epoch = epoch;
    this.#heartbeat = setInterval(() => beat(epochFile(directory, epoch)), heartbeatMs).unref();
  }

  /** Takes a directory that is there when nobody holds it; `undefined` when its holder lives or another was faster. */
  static tryAcquire(directory: string): DirectoryLock | undefined {
    makeHostDirectorySync(epochsOf(directory), 0o700);
    const newest = newestEpoch(directory);
    if (newest > 0 && DirectoryLock.isHeld(directory)) return undefined;
    // Linked when it is whole: an epoch without its holder would look abandoned to whoever comes by meanwhile.
    const whole = join(epochsOf(directory), `${randomUUID()}.tmp`);
    try {
      writeFileSync(whole, JSON.stringify(thisProcess()), { flag: "wx", mode: 0o600 });
      linkSync(whole, epochFile(directory, newest + 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
      throw error;
    } finally {
      rmSync(whole, { force: true });
    }
    // Those of long ago: a directory that is held again with every start would gather them.
    for (const epoch of epochsIn(directory)) if (epoch < newest) rmSync(epochFile(directory, epoch), { force: true });
    return new DirectoryLock(directory, newest + 1);
  }

  /** Whether a living process holds the directory. An epoch that cannot be read counts as held by nobody. Writes nothing. */
  static isHeld(directory: string): boolean {
    const newest = newestEpoch(directory);
    const holder = newest === 0 ? undefined : readHolder(epochFile(directory, newest));
    if (holder === undefined) return false;
    const liveness = livenessOf(holder);
    return liveness === "unknown" ? isFresh(directory, newest) : liveness === "alive";
  }

  /** Whether another process than the first has held the directory, or holds it: one that finishes what the first has left. */
  static wasTakenOver(directory: string): boolean {
    return newestEpoch(directory) > 1;
  }

  /** Takes a directory from its holder, who then writes and destroys nothing any more. Nobody holds it after this. */
  static supersede(directory: string): void {
    makeHostDirectorySync(epochsOf(directory), 0o700);
    writeFileSync(epochFile(directory, newestEpoch(directory) + 1), "", { mode: 0o600 });
  }

  isCurrent(): boolean {
    return newestEpoch(this.#directory) <= this.epoch;
  }

  /** Releases the directory: anyone may take it, this process included. */
  release(): void {
    clearInterval(this.#heartbeat);
    if (!this.isCurrent()) return;
    try {
      // An epoch whose holder cannot be read is held by nobody.
      truncateSync(epochFile(this.#directory, this.epoch));
    } catch {
      // The directory is gone or cannot be written any more: the end of this process releases what is left of it.
    }
  }

  /** Throws when another process has taken the directory over. */
  assertCurrent(): void {
    if (!this.isCurrent()) {
      throw new SandboxError("aborted", "Another process has taken this run over", {
        hint: "Follow it with: glovebox logs -f",
      });
    }
  }
}

function epochsOf(directory: string): string {
  return join(directory, "epochs");
}

function epochFile(directory: string, epoch: number): string {
  return join(epochsOf(directory), String(epoch));
}

function newestEpoch(directory: string): number {
  return Math.max(0, ...epochsIn(directory));
}

function epochsIn(directory: string): readonly number[] {
  try {
    return readdirSync(epochsOf(directory)).map(Number).filter(Number.isSafeInteger);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}

function readHolder(file: string): HostProcess | undefined {
  try {
    // Let go, or cut short by a disk that was full: nobody alive is behind it.
    return parseHostProcess(readHostTextSync(file) ?? "");
  } catch {
    return undefined;
  }
}

/** Writes what is there already, so that the file is whole at any moment and its time comes from the file system's clock. */
function beat(file: string): void {
  try {
    const descriptor = openSync(file, "r+");
    try {
      if (readFileSync(descriptor).length > 0) writeSync(descriptor, "{", 0);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Only those who cannot look at this process need it; the next one may succeed.
  }
}

function isFresh(directory: string, epoch: number): boolean {
  try {
    return clockOf(directory) - statSync(epochFile(directory, epoch)).mtimeMs < staleMs;
  } catch {
    // It was removed meanwhile.
    return false;
  }
}

/** The time as the directory's file system has it: that of another machine where the directory is shared. */
function clockOf(directory: string): number {
  const probe = join(epochsOf(directory), `${randomUUID()}.tmp`);
  try {
    writeFileSync(probe, "", { flag: "wx", mode: 0o600 });
    return statSync(probe).mtimeMs;
  } catch {
    // Where nothing can be written, nothing can be taken over either.
    return Date.now();
  } finally {
    rmSync(probe, { force: true });
  }
}
