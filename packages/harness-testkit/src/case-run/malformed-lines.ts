import type { HarnessLine } from "@glovebox/core/harness";

const replacements: readonly unknown[] = [null, -1, "", [], {}, [null], "\ud800", { __proto__: null, type: [] }];
/** Enough of each line's values to reach every branch of a parser; more would only repeat them. */
const changesPerLine = 24;

/** Every line of a program's output, cut in its middle, and with each of its values replaced by one of another type. */
export function malformed(lines: readonly HarnessLine[]): readonly HarnessLine[] {
  return lines.flatMap(({ stream, line }) => {
    const cut = line.slice(0, line.length / 2);
    const changed = changes(line);
    return [cut, ...changed].map((text): HarnessLine => ({ stream, line: text }));
  });
}

function changes(line: string): readonly string[] {
  const places = placesOf(parsed(line), []).slice(0, changesPerLine);
  return places.map((path, index) => {
    const copy = parsed(line);
    replace(copy, path, replacements[index % replacements.length]);
    return JSON.stringify(copy);
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not JSON: it has no values to replace.
    return undefined;
  }
}

type Path = readonly string[];

function placesOf(value: unknown, path: Path): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...placesOf(inner, [...path, key])]);
}

function replace(value: unknown, path: Path, by: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== "object" || value === null) return;
  const holder = value as Record<string, unknown>;
  if (rest.length === 0) holder[key] = by;
  else replace(holder[key], rest, by);
}
