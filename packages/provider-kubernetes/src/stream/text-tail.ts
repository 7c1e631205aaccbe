/** The end of a text that a stranger writes, of at most `maxBytes`. */
export class TextTail {
  readonly #maxBytes: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(piece: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, piece]).subarray(-this.#maxBytes);
  }

  /** Without control characters. */
  toString(): string {
    return this.#bytes
      .toString("utf8")
      .replace(/[^\P{Cc}\n\t]/gu, "")
      .trim();
  }
}
