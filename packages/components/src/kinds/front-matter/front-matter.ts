import { isDeepStrictEqual } from "node:util";
import { parse, parseDocument, stringify, visit } from "yaml";
import { ComponentRefusal } from "../component-refusal.ts";
import { splitFrontMatter } from "./split-front-matter.ts";

/** The block between `---` lines at the beginning of a Markdown file. */
export interface FrontMatter {
  readonly values: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** Why it has to be rewritten: mostly, why it is not YAML, not even in the lenient way of Claude Code. */
  readonly problem?: string;
}

/** As Claude Code 2.1 finds it: the block ends at the next `---`, wherever that stands. */
const block = /^---[^\S\n]*\n([\s\S]*?)---\s*\n?/;
/** As its author means it. */
const intendedBlock = /^---[^\S\n]*\n([\s\S]*?\n)---[^\S\n]*(?:\n|$)/;
const maxBlockLength = 64 * 1024;
const mostAliases = 100;

/** Reads the front matter of a text without a byte order mark; `undefined` when it has none. */
export function readFrontMatter(text: string): FrontMatter | undefined {
  const found = block.exec(text.slice(0, maxBlockLength + 1024));
  if (found === null) return undefined;
  const [whole, inner = ""] = found;
  if (inner.length > maxBlockLength) throw new ComponentRefusal("has a front matter of more than 64 KiB");
  const intended = inner === "" || inner.endsWith("\n") ? undefined : readIntendedBlock(text);
  if (intended !== undefined) return intended;
  const body = text.slice(whole.length);
  const strict = tryYaml(inner);
  // Claude Code's reader stops at tabs that others let pass.
  if (strict.values !== undefined && /^[ ]*\t/m.test(inner))
    return { values: strict.values, body, problem: "it is indented with tabs" };
  if (strict.values !== undefined && strict.hasAliases === true)
    return { values: strict.values, body, problem: "it has YAML aliases" };
  if (strict.values !== undefined) return { values: strict.values, body };
  const lenient = tryYaml(quoteLooseValues(inner));
  if (lenient.values !== undefined) return { values: lenient.values, body };
  return { values: readKnownKeys(inner), body, problem: `it is not YAML (${strict.problem ?? "it cannot be read"})` };
}

/** The block up to a line that is `---`, where Claude Code would end it in the middle of a value; only where it is YAML. */
function readIntendedBlock(text: string): FrontMatter | undefined {
  const [whole, inner = ""] = intendedBlock.exec(text.slice(0, maxBlockLength + 1024)) ?? [];
  if (whole === undefined || inner.length > maxBlockLength) return undefined;
  const { values } = tryYaml(inner);
  if (values === undefined || Object.keys(values).length === 0) return undefined;
  return {
    values: withoutRules(values),
    body: text.slice(whole.length),
    problem: "it holds --- in a value, where Claude Code ends it",
  };
}

/** Texts for a reader may have another line in its place; a command may not, and is refused when it is written. */
function withoutRules(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      typeof value === "string" && key !== "name" ? value.replace(/-{3,}/g, "\u2014") : value,
    ]),
  );
}

/**
 * A file with these values as plain YAML: what every reader understands. It is read again: one that does not come to the
 * same values is refused.
 */
export function writeFrontMatter(values: Readonly<Record<string, unknown>>, body: string): Uint8Array {
  const text = `---\n${stringify(values, { lineWidth: 0, aliasDuplicateObjects: false })}---\n${body}`;
  const again = readFrontMatter(text);
  if (again?.problem !== undefined || again?.body !== body || !isDeepStrictEqual(again.values, plain(values)))
    throw new ComponentRefusal("has a front matter that cannot be written so that Claude Code reads it");
  return Buffer.from(text);
}

/** As it comes back: a value that YAML has no word for is not there. */
function plain(values: Readonly<Record<string, unknown>>): unknown {
  return JSON.parse(JSON.stringify(values));
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
  const warning = `Its front matter is rewritten, so that Claude Code reads it: ${front.problem}`;
  return { bytes: writeFrontMatter(front.values, front.body), warnings: [warning] };
}

interface YamlValues {
  readonly values?: Record<string, unknown>;
  readonly hasAliases?: boolean;
  readonly problem?: string;
}

function tryYaml(text: string): YamlValues {
  try {
    // Aliases are how a small file becomes a large one, or one without an end.
    const document = parseDocument(text, { uniqueKeys: false, merge: true, logLevel: "error" });
    const [error] = document.errors;
    if (error !== undefined) return { problem: error.message.split("\n")[0] ?? "" };
    let hasAliases = false;
    visit(document, {
      Alias: () => {
        hasAliases = true;
      },
    });
    const value: unknown = document.toJS({ maxAliasCount: mostAliases });
    if (hasAliases && JSON.stringify(value).length > maxBlockLength)
      return { problem: "its aliases make it too large" };
    if (value === null || value === undefined) return { values: {} };
    if (typeof value === "object" && !Array.isArray(value))
      return { values: value as Record<string, unknown>, hasAliases };
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

/** What each known key holds: YAML where its part alone is that, otherwise its lines as one text. */
function readKnownKeys(text: string): Record<string, unknown> {
  const values = splitFrontMatter(text).map(({ key, lines }) => {
    const part = lines.join("\n");
    // What follows a list of tools that is whole in its line belongs to no key.
    const list = /tools$/i.test(key) && /:\s*\[.*\]\s*$/.test(lines[0] ?? "") ? lines.slice(0, 1) : [];
    for (const one of [part, ...list, quoteLooseValues(part)]) {
      const { values } = tryYaml(one);
      if (values !== undefined && Object.keys(values).join() === key) return [key, values[key]] as const;
    }
    return [key, bulletList(key, lines) ?? asText(key, lines)] as const;
  });
  return Object.fromEntries(values);
}

/** The items of a key that has nothing but lines with bullets, which need not be YAML: `- *`. */
function bulletList(key: string, lines: readonly string[]): string[] | undefined {
  const [first = "", ...rest] = lines.map((line) => line.trim());
  const items = rest.filter((line) => line !== "").map((line) => /^[-*\u2022]\s+(.+)$/.exec(line)?.[1]);
  const isList = first === `${key}:` && items.length > 0 && items.every((item) => item !== undefined);
  return isList ? items.map((item) => item ?? "") : undefined;
}

function asText(key: string, lines: readonly string[]): string {
  const [first = "", ...rest] = lines.map((line) => line.trim());
  const start = first.slice(key.length + 1).trim();
  const value = [/^[|>][+-]?$/.test(start) ? "" : start, ...rest].filter((line) => line !== "").join(" ");
  // `"Read", "Grep"` is not one text in quotes.
  const isOne = value.length > 1 && isQuoted(value) && !value.slice(1, -1).includes(value[0] ?? "");
  return isOne ? value.slice(1, -1) : value;
}
