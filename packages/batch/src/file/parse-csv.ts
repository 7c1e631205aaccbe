import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import type { ParsedSource } from "./parsed-source.ts";

interface CsvRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** Parses CSV: the first line has the keys, with a dot for those of a group, such as `limits.timeout`. */
export function parseCsv(text: string): ParsedSource {
  try {
    const records = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim()),
      info: true,
      skip_empty_lines: true,
    }) as unknown as readonly CsvRecord[];
    const rows = records.map(({ record }) => rowOf(record));
    return { value: { rows }, lineOf: ([, row]) => records[Number(row)]?.info.lines, problems: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === "number" ? error.lines : undefined;
    return { value: undefined, lineOf: () => undefined, problems: [{ line, message: error.message }] };
  }
}

/** An empty cell is no value. */
function rowOf(record: Readonly<Record<string, string>>): Record<string, unknown> {
  const row: Record<string, unknown> = Object.create(null);
  for (const [key, cell] of Object.entries(record)) {
    if (cell === "") continue;
    const [group = "", name] = key.split(".", 2);
    if (name === undefined) row[key] = cell;
    else row[group] = { ...(row[group] as object | undefined), [name]: cell };
  }
  return { ...row };
}
