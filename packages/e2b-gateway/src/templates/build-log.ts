export type LogLevel = "debug" | "info" | "warn" | "error";

/** A line of a build, as E2B's clients read it. */
export interface BuildLogEntry {
  readonly timestamp: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly step?: string;
}

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const maxEntries = 10_000;
const maxMessage = 2048;

/** What a build has said. Kept in memory: a gateway that was started again knows how its builds ended, not what they said. */
export class BuildLog {
  readonly #entries: BuildLogEntry[] = [];

  add(level: LogLevel, message: string, step?: string): void {
    if (this.#entries.length >= maxEntries) return;
    const timestamp = new Date().toISOString();
    this.#entries.push({
      timestamp,
      level,
      message: message.slice(0, maxMessage),
      ...(step !== undefined && { step }),
    });
  }

  /** From an offset on, only what is of a level or above it. */
  read({ offset = 0, limit, level = "debug" }: ReadLogOptions): readonly BuildLogEntry[] {
    const least = levels.indexOf(level);
    return this.#entries.filter((entry) => levels.indexOf(entry.level) >= least).slice(offset, offset + limit);
  }

  /** The last lines of a step. */
  tail(step: string, count: number): readonly BuildLogEntry[] {
    return this.#entries.filter((entry) => entry.step === step).slice(-count);
  }
}

export interface ReadLogOptions {
  /** Default: 0. */
  readonly offset?: number | undefined;
  readonly limit: number;
  readonly level?: LogLevel | undefined;
}
