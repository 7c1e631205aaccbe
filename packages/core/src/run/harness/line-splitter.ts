import { StringDecoder } from "node:string_decoder";
import type { HarnessLine } from "../../harness/harness.ts";
import { JsonShortener } from "./json-shortener.ts";

/** Longer lines are cut here, in UTF-16 units, so that one line cannot fill the host's memory. */
const longestLine = 32 * 1024 * 1024;

/** Turns bytes into lines, a character cut between two chunks kept whole. One for each stream. */
export class LineSplitter {
  readonly #stream: HarnessLine["stream"];
  readonly #longestLine: number;
  readonly #decoder = new StringDecoder("utf8");
  #parts: string[] = [];
  #length = 0;
  /** Of a line of JSON that is too long: its strings are cut and not the line. */
  #shortener: JsonShortener | undefined;

  constructor(stream: HarnessLine["stream"], most: number = longestLine) {
    this.#stream = stream;
    this.#longestLine = most;
  }

  push(bytes: Uint8Array): HarnessLine[] {
    const pieces = this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).split("\n");
    const lines: HarnessLine[] = [];
    pieces.forEach((piece, index) => {
      if (index > 0) lines.push(this.#take());
      if (piece !== "") this.#add(piece);
    });
    return lines;
  }

  #add(piece: string): void {
    if (
      this.#shortener === undefined &&
      this.#length + piece.length > this.#longestLine &&
      this.#parts[0]?.startsWith("{")
    ) {
      this.#shortener = new JsonShortener(this.#longestLine / 32);
      this.#parts = [this.#shortener.push(this.#parts.join(""))];
      this.#length = this.#parts[0]?.length ?? 0;
    }
    const text = this.#shortener?.push(piece) ?? piece;
    const room = this.#longestLine - this.#length;
    if (room <= 0) return;
    this.#parts.push(text.slice(0, room));
    this.#length += Math.min(text.length, room);
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
    this.#shortener = undefined;
    return { stream: this.#stream, line: line.endsWith("\r") ? line.slice(0, -1) : line };
  }
}
