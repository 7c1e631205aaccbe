import { textWidth } from "./fit-width.ts";

/** White space, a character of a script that is written without it and what closes it, or a word. */
const pieces =
  /\s+|[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]\p{P}*|[^\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]+/gu;

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
    const rows = lines.flatMap((line) => wrap(line, width));
    const open = wrap(last, width);
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

function wrap(line: string, width: number): string[] {
  const rows: string[] = [];
  let row = "";
  let used = 0;
  for (const [piece] of line.matchAll(pieces)) {
    const wide = textWidth(piece);
    if (used + wide > width && row.trim() !== "") {
      rows.push(row.trimEnd());
      const isSpace = piece.trim() === "";
      [row, used] = isSpace ? ["", 0] : [piece, wide];
    } else [row, used] = [row + piece, used + wide];
  }
  return [...rows, row];
}
