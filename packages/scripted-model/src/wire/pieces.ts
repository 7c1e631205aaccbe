/** Splits a text into at least two deltas where it can, at most eight, and never inside a code point. */
export function pieces(text: string): string[] {
  const points = Array.from(text);
  const size = Math.max(1, Math.ceil(points.length / Math.min(8, Math.max(2, Math.ceil(points.length / 24)))));
  const parts: string[] = [];
  for (let at = 0; at < points.length; at += size) parts.push(points.slice(at, at + size).join(""));
  return parts;
}
