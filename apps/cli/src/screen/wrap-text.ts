import { textWidth } from "./fit-width.ts";

/** White space, a character of a script that is written without it and what closes it, or a word. */
const pieces =
  /\s+|[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]\p{P}*|[^\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}]+/gu;

/**
 * Breaks a line into rows of at most `width` columns, between words. Further rows begin with `hang`. A word that is wider than
 * a row stays whole.
 */
export function wrapText(line: string, width: number, hang = ""): string[] {
  const rows: string[] = [];
  let row = "";
  let used = 0;
  for (const [piece] of line.matchAll(pieces)) {
    const wide = textWidth(piece);
    if (used + wide > width && row.trim() !== "" && row !== hang) {
      rows.push(row.trimEnd());
      const isSpace = piece.trim() === "";
      row = isSpace ? hang : hang + piece;
      used = textWidth(row);
    } else [row, used] = [row + piece, used + wide];
  }
  return [...rows, row];
}
