import { StringDecoder } from "node:string_decoder";

/** The first bytes of a stream, up to a limit. */
export class OutputBuffer {
  readonly #maxBytes: number;
  readonly #pieces: Uint8Array[] = [];
  #size = 0;
  #isTruncated = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isTruncated(): boolean {
    return this.#isTruncated;
  }

  add(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#maxBytes - this.#size);
    if (kept.length < bytes.length) this.#isTruncated = true;
    if (kept.length === 0) return;
    this.#pieces.push(kept);
    this.#size += kept.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  /** As UTF-8, without half a character where the limit cut one. */
  text(options: { readonly stripFinalNewline: boolean }): string {
    const bytes = this.bytes();
    if (this.#isTruncated) return new StringDecoder("utf8").write(bytes);
    const text = bytes.toString("utf8");
    return options.stripFinalNewline ? text.replace(/\r?\n$/, "") : text;
  }
}
