import type { Output } from "../output.ts";

/** Columns as wide as their widest cell, the last as it is. */
export function printTable(output: Output, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  ");
  output.line(output.colors.dim(line(head)));
  for (const row of rows) output.line(line(row));
}
