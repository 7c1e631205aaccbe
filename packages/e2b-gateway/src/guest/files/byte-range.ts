export interface ByteRange {
  readonly start: number;
  /** The last byte. */
  readonly end: number;
}

/**
 * The one range of a `Range` header; undefined when the whole is to be sent, as for several ranges and for an invalid one.
 * `unsatisfiable` when it begins behind the end.
 */
export function parseByteRange(header: string | undefined, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec((header ?? "").replaceAll(" ", "")) ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return undefined;
  return start >= size ? "unsatisfiable" : { start, end };
}
