import { randomUUID } from "node:crypto";
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { SandboxError } from "../errors/index.ts";
import { type HostProcess, isAlive, thisProcess } from "./host-process.ts";

const holderSchema = z.object({ host: z.string(), pid: z.number(), started: z.string() });

/**
 * Who may write a run's journal and destroy its sandbox: the process that made the newest epoch. Taking a run over makes
 * the next epoch; from then on the older holder finds itself superseded and writes and destroys nothing.
 */
export class RunLock {
  readonly #runDir: string;
  readonly epoch: number;

  private constructor(runDir: string, epoch: number) {
    this.#runDir = runDir;
    this.epoch = epoch;
  }

  /** Takes the run when nobody holds it or its holder is dead; `undefined` when the holder lives or another was faster. */
  static tryAcquire(runDir: string): RunLock | undefined {
    const newest = newestEpoch(runDir);
    if (newest > 0 && RunLock.isHeld(runDir)) return undefined;
    // Linked when it is whole: an epoch without its holder would look abandoned to whoever comes by meanwhile.
    const whole = join(runDir, "epochs", `${randomUUID()}.tmp`);
    try {
      writeFileSync(whole, JSON.stringify(thisProcess()), { flag: "wx", mode: 0o600 });
      linkSync(whole, epochFile(runDir, newest + 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return undefined;
      throw error;
    } finally {
      rmSync(whole, { force: true });
    }
    return new RunLock(runDir, newest + 1);
  }

  /** Whether a living process holds the run. An epoch that cannot be read counts as held by nobody. */
  static isHeld(runDir: string): boolean {
    const holder = readHolder(runDir);
    return holder !== undefined && isAlive(holder);
  }

  isCurrent(): boolean {
    return !existsSync(epochFile(this.#runDir, this.epoch + 1));
  }

  /** Lets go of a run that is over: what it left may be finished by anyone, this process included. */
  release(): void {
    if (!this.isCurrent()) return;
    try {
      // An epoch whose holder cannot be read is held by nobody.
      truncateSync(epochFile(this.#runDir, this.epoch));
    } catch {
      // The folder is gone or cannot be written any more: the end of this process lets go of what is left of it.
    }
  }

  /** Throws when another process has taken the run over. */
  assertCurrent(): void {
    if (!this.isCurrent()) {
      throw new SandboxError("aborted", "Another process has taken this run over", {
        hint: "Follow it with: glovebox logs -f",
      });
    }
  }
}

function epochFile(runDir: string, epoch: number): string {
  return join(runDir, "epochs", String(epoch));
}

function newestEpoch(runDir: string): number {
  mkdirSync(join(runDir, "epochs"), { recursive: true, mode: 0o700 });
  return Math.max(0, ...readdirSync(join(runDir, "epochs")).map(Number).filter(Number.isSafeInteger));
}

function readHolder(runDir: string): HostProcess | undefined {
  const newest = newestEpoch(runDir);
  if (newest === 0) return undefined;
  try {
    return holderSchema.parse(JSON.parse(readFileSync(epochFile(runDir, newest), "utf8")));
  } catch {
    // Cut short, as by a disk that was full: nobody alive is behind it.
    return undefined;
  }
}
