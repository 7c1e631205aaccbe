import { safeLine } from "@glovebox/core/text";
import truncatedWidth from "fast-string-truncated-width";

const longestCell = 1000;
/** What a column keeps when the table is made to fit. */
const narrowest = 6;
const gap = "  ";

/**
 * Lays out a table: columns as wide as their widest cell, the last one not padded, every cell on one line. With `columns`, the
 * width of a terminal, cells are cut so that each row is one line of it: those of the last column first, then those of the widest.
 */
export function tableLines(
  head: readonly string[],
  cells: readonly (readonly string[])[],
  columns?: number,
): readonly string[] {
  const rows = [head, ...cells.map((row) => row.map((cell) => safeLine(cell, longestCell)))];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ""))));
  if (columns !== undefined) narrow(widths, columns);
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const cut = cutTo(cell, widths[column] ?? 0);
        return column === row.length - 1 ? cut : cut + " ".repeat((widths[column] ?? 0) - widthOf(cut));
      })
      .join(gap),
  );
}

function narrow(widths: number[], columns: number): void {
  const last = widths.length - 1;
  let excess = widths.reduce((sum, width) => sum + width, 0) + gap.length * last - columns;
  const shrink = (column: number, floor: number) => {
    const by = Math.max(0, Math.min(excess, (widths[column] ?? 0) - floor));
    widths[column] = (widths[column] ?? 0) - by;
    excess -= by;
    return by;
  };
  shrink(last, Math.max(narrowest, Math.floor(columns / 4)));
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const second = Math.max(...widths.filter((_, column) => column !== widest), narrowest);
    if (shrink(widest, Math.max(narrowest, Math.min(second, (widths[widest] ?? 0) - 1))) === 0) return;
  }
}

function cutTo(text: string, width: number): string {
  const { truncated, index } = truncatedWidth(text, { limit: width, ellipsis: "…", ellipsisWidth: 1 });
  return truncated ? `${text.slice(0, index)}…` : text;
}

function widthOf(text: string): number {
  return truncatedWidth(text).width;
}
