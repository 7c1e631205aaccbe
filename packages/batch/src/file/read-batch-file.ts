import { InvalidOptionsError } from "@glovebox/core/provider";
import type { z } from "zod";
import { batchFileSchema, type Matrix } from "./batch-file.ts";
import { describeIssue } from "./describe-issue.ts";
import { parseCsv } from "./parse-csv.ts";
import { parseJsonl } from "./parse-jsonl.ts";
import { parseYaml } from "./parse-yaml.ts";
import type { ParsedSource } from "./parsed-source.ts";
import type { RowInput } from "./row-input.ts";

/** The formats of batch files. JSON is read as YAML. */
export const batchFormats = ["yaml", "jsonl", "csv"] as const;
/** The format of a batch file. */
export type BatchFormat = (typeof batchFormats)[number];

/** The rows of a batch before defaults, matrix and repetitions. */
export interface BatchFile {
  readonly defaults: RowInput;
  readonly matrix: Matrix;
  readonly rows: readonly SourceRow[];
}

/** A row, and where it is. */
export interface SourceRow {
  readonly input: RowInput;
  /** For messages: `batch.yaml:12`. */
  readonly source: string;
}

/** What is read as a batch file. */
export interface ReadBatchFileOptions {
  readonly text: string;
  /** The file's name, for messages and, without `format`, for its format: by its ending, and else by its content. */
  readonly name: string;
  readonly format?: BatchFormat | undefined;
}

const mostShown = 20;
const parsers: Readonly<Record<BatchFormat, (text: string) => ParsedSource>> = {
  yaml: parseYaml,
  jsonl: parseJsonl,
  csv: parseCsv,
};

/**
 * Parses a batch file. Throws `invalid-options` that names every problem, each with its line, row and key, and what was
 * probably meant.
 */
export function readBatchFile({ text, name, format = formatOf(name, text) }: ReadBatchFileOptions): BatchFile {
  const source = parsers[format](text);
  if (source.problems.length > 0) {
    throw problemsError(
      name,
      source.problems.map(({ line, message }) => (line === undefined ? message : `line ${line}: ${message}`)),
    );
  }
  const value = Array.isArray(source.value) ? { rows: source.value } : (source.value ?? {});
  const offset = Array.isArray(source.value) ? 1 : 0;
  const lineOf = (path: readonly PropertyKey[]) => source.lineOf(path.slice(offset));
  const parsed = batchFileSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) throw problemsError(name, problemsOf(parsed.error, value, lineOf));
  const { defaults = {}, matrix = {}, rows = [] } = parsed.data;
  if (rows.length === 0 && (matrix.prompts ?? []).length === 0) throw problemsError(name, ["it has no rows"]);
  const at = (path: readonly PropertyKey[]) => {
    const line = lineOf(path);
    return line === undefined ? name : `${name}:${line}`;
  };
  return {
    defaults,
    matrix,
    rows: [
      ...rows.map((input, index) => ({ input, source: at(["rows", index]) })),
      ...(matrix.prompts ?? []).map((prompt, index) => ({
        input: { prompt },
        source: at(["matrix", "prompts", index]),
      })),
    ],
  };
}

/** One error for everything that is wrong with the rows of a file. */
export function problemsError(name: string, problems: readonly string[]): InvalidOptionsError {
  const [first, ...others] = problems;
  const hint = "docs/guides/run-many.md describes the file; its JSON Schema is in @glovebox/batch/schemas.";
  if (others.length === 0) return new InvalidOptionsError(`${name}: ${first}`, { hint });
  const shown = problems.slice(0, mostShown).map((problem) => `\n${problem}`);
  const more = problems.length > mostShown ? `\nand ${problems.length - mostShown} more` : "";
  return new InvalidOptionsError(`${name} has ${problems.length} problems:${shown.join("")}${more}`, { hint });
}

function problemsOf(
  error: z.ZodError,
  value: unknown,
  lineOf: (path: readonly PropertyKey[]) => number | undefined,
): string[] {
  return error.issues.flatMap((issue) =>
    describeIssue(issue, value).map(({ path, message }) => {
      const line = lineOf(path);
      return [line === undefined ? [] : `line ${line}`, placeOf(path, value), message].flat().join(": ");
    }),
  );
}

/** `row 3 (login-bug): limits.timeout` */
function placeOf(path: readonly PropertyKey[], value: unknown): string[] {
  const [top, index, ...rest] = path;
  if (top !== "rows" || typeof index !== "number") return path.length === 0 ? [] : [path.map(String).join(".")];
  const row = (value as { readonly rows?: readonly unknown[] }).rows?.[index];
  const id = typeof row === "object" && row !== null && "id" in row ? row.id : undefined;
  const name = typeof id === "string" && id.length <= 63 ? ` (${id})` : "";
  return [`row ${index + 1}${name}`, ...(rest.length === 0 ? [] : [rest.map(String).join(".")])];
}

function formatOf(name: string, text: string): BatchFormat {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === "csv") return "csv";
  if (ending === "jsonl" || ending === "ndjson") return "jsonl";
  if (ending !== undefined) return "yaml";
  // Standard input: several lines, of which each is an object.
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length > 1 && lines.every((line) => /^\s*\{.*\}\s*$/.test(line)) ? "jsonl" : "yaml";
}
