import { closeSync, fstatSync, readSync } from "node:fs";
import type { RunEvent } from "../../events/run-event.ts";
import { openHostFileSync } from "../../host-files/read-host-file.ts";
import { journalFile, parseEventLine } from "./journal.ts";

const pieceBytes = 256 * 1024;
/** A longer line is no event that anyone can use: it is passed over. */
const longestLine = 16 * 1024 * 1024;

/**
 * Reads a journal as it grows, for a program that looks at many from time to time: each look costs an open and a read, and
 * keeps nothing but a line that is not whole yet.
 */
export class JournalTail {
  readonly #file: string;
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);

  constructor(runDirectory: string) {
    this.#file = journalFile(runDirectory);
  }

  /** Shows each event since the last call; nothing while there is no journal. */
  read(visit: (event: RunEvent) => void): void {
    const descriptor = openHostFileSync(this.#file);
    if (descriptor === undefined) return;
    try {
      if (fstatSync(descriptor).size <= this.#offset) return;
      const piece = Buffer.allocUnsafe(pieceBytes);
      for (;;) {
        const length = readSync(descriptor, piece, 0, pieceBytes, this.#offset);
        if (length === 0) return;
        this.#offset += length;
        this.#take(piece.subarray(0, length), visit);
      }
    } finally {
      closeSync(descriptor);
    }
  }

  #take(piece: Buffer, visit: (event: RunEvent) => void): void {
    const bytes = Buffer.concat([this.#rest, piece]);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#rest = bytes.length - end > longestLine ? Buffer.alloc(0) : Buffer.from(bytes.subarray(end));
    for (const line of bytes.subarray(0, end).toString("utf8").split("\n")) {
      const event = line === "" ? undefined : parseEventLine(line);
      if (event !== undefined) visit(event);
    }
  }
}
