import { closeSync, openSync, readSync } from "node:fs";

const pieceBytes = 1024 * 1024;

/** Shows a file's whole lines one by one, in memory of one line. `torn` when its end is not a line's. */
export function readLines(file: string, visit: (line: string) => void): { readonly torn: boolean } {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { torn: false };
    throw error;
  }
  try {
    const piece = Buffer.allocUnsafe(pieceBytes);
    let rest: Buffer[] = [];
    for (let length = readSync(descriptor, piece); length > 0; length = readSync(descriptor, piece)) {
      let start = 0;
      for (let end = piece.indexOf(0x0a); end >= 0 && end < length; end = piece.indexOf(0x0a, start)) {
        visit(Buffer.concat([...rest, piece.subarray(start, end)]).toString("utf8"));
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
