import type { SkippedEntry } from "../manifest.ts";

const maxListed = 10_000;

/** What was not brought back, bounded: past 10,000 entries only their number is kept. */
export class SkippedList {
  readonly #entries: SkippedEntry[] = [];
  #more = 0;
  #morePastLimit = false;
  #first: SkippedEntry | undefined;

  add(path: string, reason: string, isPastLimit = false): void {
    this.#morePastLimit ||= isPastLimit && this.#entries.length >= maxListed;
    if (this.#entries.length < maxListed) this.#entries.push({ path, reason, ...(isPastLimit && { pastLimit: true }) });
    else this.#more += 1;
  }

  /** Named before all others, also past the bound. */
  addFirst(path: string, reason: string): void {
    this.#first = { path, reason };
  }

  get entries(): readonly SkippedEntry[] {
    const rest = { path: "…", reason: `and ${this.#more} more that are not listed` };
    const more = this.#more === 0 ? [] : [{ ...rest, ...(this.#morePastLimit && { pastLimit: true }) }];
    return [...(this.#first === undefined ? [] : [this.#first]), ...this.#entries, ...more];
  }
}
