import type { SkippedEntry } from "../manifest.ts";

/** Stops the reading at a file that is not kept and too large to be read over. */
export class TooLargeToSkip extends Error {
  readonly entry: SkippedEntry;
  constructor(entry: SkippedEntry) {
    super(entry.reason);
    this.entry = entry;
  }
}

/** Stops the reading because the sandbox sends more than is taken. Asking again would bring the same. */
export class PastLimits extends Error {}
