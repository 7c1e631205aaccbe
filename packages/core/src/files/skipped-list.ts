import type { SkippedEntry } from "../run/run-result.ts";

const maxListed = 10_000;

/** What was not brought back, bounded: past 10,000 entries only their number is kept. */
export class SkippedList {
  readonly #entries: SkippedEntry[] = [];
  #more = 0;

  add(path: string, reason: string): void {
    if (this.#entries.length < maxListed) this.#entries.push({ path, reason });
    else this.#more += 1;
  }

  get entries(): readonly SkippedEntry[] {
    if (this.#more === 0) return this.#entries;
    return [...this.#entries, { path: "…", reason: `and ${this.#more} more that are not listed` }];
  }
}
