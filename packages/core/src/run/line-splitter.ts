import { StringDecoder } from "node:string_decoder";
import type { HarnessLine } from "../harness/harness.ts";

/** Longer lines are cut here, so that one line cannot fill the host's memory. */
const longestLine = 32 * 1024 * 1024;

/** Turns bytes into lines, a character cut between two chunks kept whole. One for each stream. */
export class LineSplitter {
  readonly #stream: HarnessLine["stream"];
  readonly #decoder = new StringDecoder("utf8");
  #parts: string[] = [];
  #length = 0;

  constructor(stream: HarnessLine["stream"]) {
    this.#stream = stream;
  }

  push(bytes: Uint8Array): HarnessLine[] {
    const pieces = this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).split("\n");
    const lines: HarnessLine[] = [];
    pieces.forEach((piece, index) => {
      if (index > 0) lines.push(this.#take());
      const room = longestLine - this.#length;
      if (room <= 0 || piece === "") return;
      this.#parts.push(piece.slice(0, room));
      this.#length += Math.min(piece.length, room);
    });
    return lines;
  }

  /** The last line, when no line end closed it. */
  end(): HarnessLine[] {
    const tail = this.#decoder.end();
    if (tail !== "") this.#parts.push(tail);
    return this.#parts.length > 0 ? [this.#take()] : [];
  }

  #take(): HarnessLine {
    const line = this.#parts.join("");
    this.#parts = [];
    this.#length = 0;
    return { stream: this.#stream, line: line.endsWith("\r") ? line.slice(0, -1) : line };
  }
}
