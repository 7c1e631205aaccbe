/** More comparisons than this are not made: everything between the common beginning and end counts as changed. */
const maxComparisons = 4_000_000;
const contextLines = 2;

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** Returns the lines that differ between two texts, marked `-` and `+`, with two lines around each change. */
export function lineDifference(mine: string, theirs: string): string[] {
  const [a, b] = [mine.split("\n"), theirs.split("\n")];
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ sign: " ", text }));
  const changed = changedLines(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return withContext([...same(a.slice(0, start)), ...changed, ...same(a.slice(a.length - end))]);
}

/** Keeps a longest common subsequence. */
function changedLines(a: readonly string[], b: readonly string[]): Line[] {
  const lengths = a.length * b.length > maxComparisons ? undefined : commonLengths(a, b);
  const common = (i: number, j: number) => lengths?.[i]?.[j] ?? 0;
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (lengths !== undefined && left !== undefined && left === right) {
      lines.push({ sign: " ", text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || common(i + 1, j) >= common(i, j + 1))) {
      lines.push({ sign: "-", text: left });
      i += 1;
    } else {
      lines.push({ sign: "+", text: right ?? "" });
      j += 1;
    }
  }
  return lines;
}

/** For each pair of places, how many lines the rest of both has in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row, below] = [lengths[i] as Uint32Array, lengths[i + 1] as Uint32Array];
    for (let j = b.length - 1; j >= 0; j -= 1) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

function withContext(lines: readonly Line[]): string[] {
  const near = new Set<number>();
  for (const [index, { sign }] of lines.entries()) {
    if (sign === " ") continue;
    for (let place = index - contextLines; place <= index + contextLines; place += 1) near.add(place);
  }
  return lines.flatMap(({ sign, text }, index) => {
    if (!near.has(index)) return [];
    const gap = index > 0 && !near.has(index - 1) ? ["…"] : [];
    return [...gap, `${sign}${text}`];
  });
}
