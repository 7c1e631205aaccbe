import { existsSync } from "node:fs";
import { join } from "node:path";
import { readHostFileSync } from "@glovebox/core/host-files";
import { replaceFileSync } from "@glovebox/core/state";
import { dayMs } from "./day-ms.ts";
import { isRelease } from "./is-release.ts";

const maxBytes = 4096;

export interface UpdateFacts {
  /** When the registry is asked again. Milliseconds since 1970. */
  readonly askAt: number;
  /** When a notice may be shown again. */
  readonly showAt: number;
  /** The newest release that the registry has named. */
  readonly latest?: string;
}

/** `update-check.json` in the state directory: what is known of releases. */
export class UpdateState {
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
  }

  /** Whether there is a state directory: a command that needs none makes none for this. */
  get isThere(): boolean {
    return existsSync(this.#home);
  }

  /** A file that is absent or damaged counts as empty, and times that are more than a day ahead as past. */
  read(now: number): UpdateFacts {
    const { askAt, showAt, latest } = this.#values();
    const past = (time: unknown) => (typeof time === "number" && time <= now + dayMs ? time : 0);
    return { askAt: past(askAt), showAt: past(showAt), ...(isRelease(latest) ? { latest } : {}) };
  }

  write(facts: UpdateFacts): void {
    replaceFileSync(this.#path, `${JSON.stringify(facts)}\n`);
  }

  get #path(): string {
    return join(this.#home, "update-check.json");
  }

  #values(): Readonly<Record<string, unknown>> {
    try {
      const text = readHostFileSync(this.#path, { maxBytes })?.toString("utf8") ?? "{}";
      return (JSON.parse(text) as Readonly<Record<string, unknown>> | null) ?? {};
    } catch {
      // The next write replaces it.
      return {};
    }
  }
}
