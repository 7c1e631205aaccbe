import parser, { type Change, type File } from "gitdiff-parser";

export type DiffRow =
  | { readonly kind: "file"; readonly file: DiffFile }
  | { readonly kind: "hunk"; readonly text: string }
  | { readonly kind: "note"; readonly text: string }
  | {
      readonly kind: "line";
      readonly type: "insert" | "delete" | "normal";
      readonly oldLine: number | undefined;
      readonly newLine: number | undefined;
      readonly text: string;
    };

export interface DiffFile {
  readonly path: string;
  /** Where it was before it was renamed. */
  readonly oldPath: string | undefined;
  readonly type: "add" | "delete" | "modify" | "rename" | "copy";
  readonly added: number;
  readonly removed: number;
  /** The position of its first row. */
  readonly row: number;
}

export interface Diff {
  readonly files: readonly DiffFile[];
  readonly rows: readonly DiffRow[];
  /** The characters of the longest line. */
  readonly longest: number;
}

const longestShown = 2_000;

/** Reads a git patch into rows that a list can draw one by one. */
export function diffRows(patch: string): Diff {
  const rows: DiffRow[] = [];
  const files: DiffFile[] = [];
  for (const parsed of parser.parse(patch)) {
    const file = describe(parsed, rows.length);
    files.push(file);
    rows.push({ kind: "file", file });
    if (parsed.isBinary === true) rows.push({ kind: "note", text: "Binary file" });
    else if (parsed.hunks.length === 0) rows.push({ kind: "note", text: "No change of its lines" });
    for (const hunk of parsed.hunks) {
      rows.push({ kind: "hunk", text: hunk.content });
      for (const change of hunk.changes) rows.push(lineOf(change));
    }
  }
  const longest = rows.reduce((most, row) => (row.kind === "line" ? Math.max(most, row.text.length) : most), 0);
  return { files, rows, longest: Math.min(longest, longestShown) };
}

function describe(file: File, row: number): DiffFile {
  const changes = file.hunks.flatMap((hunk) => hunk.changes);
  const path = file.type === "delete" ? file.oldPath : file.newPath;
  return {
    path,
    oldPath: file.type === "rename" || file.type === "copy" ? file.oldPath : undefined,
    type: file.type,
    added: changes.filter(({ type }) => type === "insert").length,
    removed: changes.filter(({ type }) => type === "delete").length,
    row,
  };
}

function lineOf(change: Change): DiffRow {
  const { type, content: text } = change;
  if (change.type === "normal") {
    return { kind: "line", type: "normal", oldLine: change.oldLineNumber, newLine: change.newLineNumber, text };
  }
  const isNew = type === "insert";
  return {
    kind: "line",
    type: isNew ? "insert" : "delete",
    oldLine: isNew ? undefined : change.lineNumber,
    newLine: isNew ? change.lineNumber : undefined,
    text,
  };
}
