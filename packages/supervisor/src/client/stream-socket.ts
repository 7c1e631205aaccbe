import { type ClientHttp2Stream, constants } from "node:http2";
import { Duplex } from "node:stream";

/** A connection between the host and the inside, as a socket that half-closes. */
export class StreamSocket extends Duplex {
  readonly #stream: ClientHttp2Stream;

  constructor(stream: ClientHttp2Stream) {
    super({ allowHalfOpen: true });
    this.#stream = stream;
    let ended = false;
    stream.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) stream.pause();
    });
    stream.once("end", () => {
      // A stream that was reset ends too; only a clean end is one.
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
      ended = true;
      this.push(null);
    });
    stream.once("close", () => {
      const broken = stream.rstCode !== constants.NGHTTP2_NO_ERROR;
      if (broken) this.destroy(new Error("The connection with the inside broke."));
      // What came before a clean end is still there for a reader that has not come to it.
      else if (ended && !this.readableEnded) this.once("end", () => this.destroy());
      else this.destroy();
    });
    // The agent may break its connections at will: that must not end a host that does not listen.
    this.on("error", () => {});
    stream.pause();
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#stream.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stream.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#stream.closed)
      this.#stream.close(error === null ? constants.NGHTTP2_NO_ERROR : constants.NGHTTP2_CANCEL);
    done(error);
  }
}
