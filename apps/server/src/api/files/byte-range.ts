import type { BlobRange } from "@glovebox/store";

/**
 * Reads a `Range` header for a body of this size. `undefined`: the whole body is sent, as for units and lists of ranges that are not
 * supported. `unsatisfiable`: the body has none of it.
 */
export function readRange(header: string | undefined, size: number): BlobRange | undefined | "unsatisfiable" {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const length = Number(last);
    return length === 0 || size === 0 ? "unsatisfiable" : { start: Math.max(0, size - length), end: size - 1 };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= size) return "unsatisfiable";
  return { start, end: last === "" ? size - 1 : Math.min(Number(last), size - 1) };
}
