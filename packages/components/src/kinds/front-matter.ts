import { parse, stringify } from "yaml";
import { ComponentRefusal } from "./component-refusal.ts";

/** The block between `---` lines at the beginning of a Markdown file. */
export interface FrontMatter {
  readonly values: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** Why it is not YAML, not even in the lenient way that Claude Code reads it; `values` are then read line by line. */
  readonly problem?: string;
}

/** As Claude Code 2.1 finds it: the block ends at the next `---`, wherever that stands. */
const block = /^---[^\S\n]*\n([\s\S]*?)---\s*\n?/;
const maxBlockLength = 64 * 1024;

/** Reads the front matter of a text without a byte order mark; `undefined` when it has none. */
export function readFrontMatter(text: string): FrontMatter | undefined {
  const found = block.exec(text.slice(0, maxBlockLength + 1024));
  if (found === null) return undefined;
  const [whole, inner = ""] = found;
  if (inner.length > maxBlockLength) throw new ComponentRefusal("has a front matter of more than 64 KiB");
  const body = text.slice(whole.length);
  const strict = tryYaml(inner);
  // Claude Code's reader stops at tabs that others let pass.
  if (strict.values !== undefined && /^[ ]*\t/m.test(inner))
    return { values: strict.values, body, problem: "it is indented with tabs" };
  if (strict.values !== undefined) return { values: strict.values, body };
  const lenient = tryYaml(quoteLooseValues(inner));
  if (lenient.values !== undefined) return { values: lenient.values, body };
  return { values: readLines(inner), body, problem: strict.problem ?? "it cannot be read" };
}

/** A file with these values as plain YAML: what every reader understands. */
export function writeFrontMatter(values: Readonly<Record<string, unknown>>, body: string): string {
  return `---\n${stringify(values, { lineWidth: 0 })}---\n${body}`;
}

/**
 * What to install of a file whose front matter helps but need not be there: the file as it is or, where only a reading
 * line by line makes sense of its front matter, the same with plain YAML.
 */
export function repairFrontMatter(
  bytes: Uint8Array,
  front: FrontMatter | undefined,
): { readonly bytes: Uint8Array; readonly warnings: readonly string[] } {
  // Without a single key it was no front matter, but text between two rules.
  if (front?.problem === undefined || Object.keys(front.values).length === 0) return { bytes, warnings: [] };
  const warning = `Its front matter is written anew, so that Claude Code reads it: it is not YAML (${front.problem})`;
  return { bytes: Buffer.from(writeFrontMatter(front.values, front.body)), warnings: [warning] };
}

function tryYaml(text: string): { values?: Record<string, unknown>; problem?: string } {
  try {
    // Aliases are how a small file becomes a large one; catalogs only have them by accident, as in `tools: *`.
    const value: unknown = parse(text, { uniqueKeys: false, maxAliasCount: 0, logLevel: "error" });
    if (value === null || value === undefined) return { values: {} };
    if (typeof value === "object" && !Array.isArray(value)) return { values: value as Record<string, unknown> };
    return { problem: "it is a list or a single value" };
  } catch (error) {
    return { problem: String((error as Error).message).split("\n")[0] ?? "" };
  }
}

/** Claude Code's own second try: values with characters that mean something in YAML are put in quotes. */
function quoteLooseValues(text: string): string {
  const lines = text.split("\n").map((line) => {
    const [, key, value] = /^([a-zA-Z_-]+):\s+(\S.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined || isQuoted(value)) return line;
    if (value.startsWith("[") && value.endsWith("]") && isList(value)) return line;
    if (!/[{}[\]*&#!|>%@`]|: /.test(value)) return line;
    return `${key}: "${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  });
  return lines.join("\n").replace(/^\t+/gm, (tabs) => "  ".repeat(tabs.length));
}

function isQuoted(value: string): boolean {
  return (value.startsWith('"') && value.endsWith('"')) || (value.startsWith("'") && value.endsWith("'"));
}

function isList(value: string): boolean {
  try {
    return Array.isArray(parse(value, { logLevel: "error" }));
  } catch {
    return false;
  }
}

/** `key: value` lines; every other line goes on with the value before it. */
function readLines(text: string): Record<string, unknown> {
  const values = new Map<string, string>();
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, key, value] = /^([a-zA-Z][\w-]*):(?:\s+(.*))?$/s.exec(line) ?? [];
    if (key !== undefined) {
      last = key;
      values.set(key, unquote((value ?? "").trim()));
    } else if (last !== undefined && line.trim() !== "") {
      values.set(last, `${values.get(last) ?? ""} ${line.trim()}`.trim());
    }
  }
  return Object.fromEntries(values);
}

function unquote(value: string): string {
  if (/^[|>][+-]?$/.test(value)) return "";
  return value.length > 1 && isQuoted(value) ? value.slice(1, -1) : value;
}
