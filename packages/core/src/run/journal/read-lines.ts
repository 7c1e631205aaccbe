import { closeSync, fstatSync, readSync } from "node:fs";
import { openHostFileSync } from "../../host-files/read-host-file.ts";

const pieceBytes = 1024 * 1024;

/**
 * Shows a file's whole lines one by one, in memory of one line; with `wanted`, only those that contain one of these texts.
 * `torn` when its end is not a line's.
 */
export function readLines(
  file: string,
  visit: (line: string) => void,
  wanted?: readonly string[],
): { readonly torn: boolean } {
  const descriptor = openHostFileSync(file);
  if (descriptor === undefined) return { torn: false };
  const patterns = wanted?.map((text) => Buffer.from(text));
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    let rest: Buffer[] = [];
    for (let length = readSync(descriptor, piece); length > 0; length = readSync(descriptor, piece)) {
      let start = 0;
      const bytes = piece.subarray(0, length);
      for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
        const line =
          rest.length === 0 ? bytes.subarray(start, end) : Buffer.concat([...rest, bytes.subarray(start, end)]);
        if (patterns === undefined || patterns.some((text) => line.includes(text))) visit(line.toString("utf8"));
        rest = [];
        start = end + 1;
      }
      if (start < length) rest.push(Buffer.from(piece.subarray(start, length)));
    }
    return { torn: rest.length > 0 };
  } finally {
    closeSync(descriptor);
  }
}

/** The last bytes of a file as text, which may begin in the middle of a line; empty when there is no file. */
export function readTail(file: string, bytes: number): string {
  const descriptor = openHostFileSync(file);
  if (descriptor === undefined) return "";
  try {
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(Math.min(size, bytes));
    return tail.toString("utf8", 0, readSync(descriptor, tail, 0, tail.length, size - tail.length));
  } finally {
    closeSync(descriptor);
  }
}
