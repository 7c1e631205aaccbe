import type { SkippedEntry } from "../run/run-result.ts";

const maxListed = 10_000;

/** What was not brought back, bounded: past 10,000 entries only their number is kept. */
export class SkippedList {
  readonly #entries: SkippedEntry[] = [];
  #more = 0;
  #first: SkippedEntry | undefined;

  add(path: string, reason: string): void {
    if (this.#entries.length < maxListed) this.#entries.push({ path, reason });
    else this.#more += 1;
  }

  /** Named before all others, also past the bound. */
  addFirst(path: string, reason: string): void {
    this.#first = { path, reason };
  }

  get entries(): readonly SkippedEntry[] {
    const more = this.#more === 0 ? [] : [{ path: "…", reason: `and ${this.#more} more that are not listed` }];
    return [...(this.#first === undefined ? [] : [this.#first]), ...this.#entries, ...more];
  }
}
