import { wrapText } from "./wrap-text.ts";

/** No row is kept longer than this many characters while it waits for its end. */
const mostPending = 4000;

/** Breaks text that comes in parts into rows, between words. The last row is pending until more text or its end comes. */
export class TextRows {
  #pending = "";

  /** The row that is not finished. */
  get pending(): string {
    return this.#pending;
  }

  /** Returns the rows that this part finishes. A word that is wider than a row stays whole. */
  push(text: string, width: number): string[] {
    const lines = (this.#pending + text).split("\n");
    const last = lines.pop() ?? "";
    const rows = lines.flatMap((line) => wrapText(line, width));
    const open = wrapText(last, width);
    this.#pending = open.pop() ?? "";
    rows.push(...open);
    if (this.#pending.length > mostPending) rows.push(this.end());
    return rows;
  }

  /** Ends the pending row and returns it. */
  end(): string {
    const row = this.#pending;
    this.#pending = "";
    return row;
  }
}
