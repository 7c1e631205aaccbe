import type { ParsedSource } from "./parsed-source.ts";

/** Parses JSONL: each line that is not empty is a row. */
export function parseJsonl(text: string): ParsedSource {
  const rows: unknown[] = [];
  const lines: number[] = [];
  const problems: { line: number; message: string }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      rows.push(JSON.parse(line));
      lines.push(index + 1);
    } catch {
      problems.push({ line: index + 1, message: "is not JSON: each line is one object" });
    }
  }
  return { value: { rows }, lineOf: ([, row]) => lines[Number(row)], problems };
}
