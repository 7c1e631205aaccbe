import type { Http2Stream } from "node:http2";

/**
 * Reads an HTTP/2 stream's body piece by piece, as it is asked for. Node's own iterator takes a stream whose frames have
 * all come, but are not read yet, for one that was closed too early.
 */
export class StreamReader {
  readonly #stream: Http2Stream;
  #error: Error | undefined;
  #wake: () => void = () => {};

  constructor(stream: Http2Stream) {
    this.#stream = stream;
    const changed = (): void => this.#wake();
    stream.on("readable", changed).once("end", changed).once("close", changed);
    stream.once("error", (error) => {
      this.#error = error;
    });
  }

  /** The next piece; undefined at the end. Throws when the stream was broken off. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece: Buffer | null = this.#stream.read();
      if (piece !== null) return piece;
      if (this.#stream.destroyed || this.#stream.readableEnded) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#error !== undefined) throw this.#error;
    if (!this.#stream.readableEnded || this.#stream.rstCode !== 0) throw new Error("The stream was broken off.");
    return undefined;
  }
}
