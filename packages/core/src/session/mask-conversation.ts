import { maskTexts } from "./mask-texts.ts";
import type { SecretScanner } from "./secret-scanner.ts";

/**
 * Takes the secrets out of a conversation's file: out of every text in the values of one with a JSON value on each line, however it is
 * escaped there, and out of anything else as it is.
 */
export async function maskConversation(
  content: string,
  scanner: SecretScanner,
): Promise<{ readonly content: string; readonly count: number }> {
  const lines = content.split("\n").map(parseLine);
  const texts: string[] = [];
  for (const line of lines) collect(line, texts);
  const masked = await maskTexts(texts, scanner);
  const rest = masked.texts[Symbol.iterator]();
  const rebuilt = lines.map((line) => rebuildWith(line, () => rest.next().value ?? ""));
  const joined = rebuilt.map((line) => ("value" in line ? JSON.stringify(line.value) : line.raw)).join("\n");
  return { content: joined, count: masked.count };
}

type Line = { readonly value: unknown } | { readonly raw: string };

const deepest = 500;

/** A line that is no JSON value, or one that no program has written, is a text like any other. */
function parseLine(raw: string): Line {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === "object" && value !== null && depthOf(value) <= deepest ? { value } : { raw };
  } catch {
    return { raw };
  }
}

function depthOf(value: unknown, depth = 1): number {
  if (typeof value !== "object" || value === null || depth > deepest) return depth;
  return Math.max(depth, ...Object.values(value).map((item) => depthOf(item, depth + 1)));
}

function collect(line: Line, into: string[]): void {
  rebuildWith(line, (text) => {
    into.push(text);
    return text;
  });
}

function rebuildWith(line: Line, replace: (text: string) => string): Line {
  return "raw" in line ? { raw: replace(line.raw) } : { value: walk(line.value, replace) };
}

/** Replaces every text of a value, keys included, always in the same order. */
function walk(value: unknown, replace: (text: string) => string): unknown {
  if (typeof value === "string") return replace(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [replace(key), walk(item, replace)]));
}
