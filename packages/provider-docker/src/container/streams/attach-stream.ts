import { Duplex } from "node:stream";
import { dropUndefined, SandboxLostError } from "@glovebox/core/provider";
import { FrameParser } from "./frame-parser.ts";

const stderrTailBytes = 8 * 1024;

/**
 * A process's standard streams over a connection taken over from the engine: writing reaches its input, reading gives its
 * output, and the end of its error output is kept to explain a failure. A slow reader stops the connection, a slow process
 * stops the writer. Ends when the process's output ends; fails with `lost` when it breaks inside a frame.
 */
export class AttachStream extends Duplex {
  readonly #socket: Duplex;
  readonly #parser = new FrameParser();
  #stderr: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(socket: Duplex) {
    super();
    this.#socket = socket;
    socket.pause();
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("end", () => this.#end());
    socket.on("error", (cause: Error) => this.destroy(lost("The connection to the Docker engine broke", cause)));
    socket.on("close", () => {
      if (!this.#ended) this.destroy(lost("The connection to the Docker engine closed"));
    });
  }

  /** The last of what the process wrote to its error output: at most 8 KiB, without control characters. */
  get stderrTail(): string {
    return this.#stderr
      .toString("utf8")
      .replace(/[^\P{Cc}\n\t]/gu, "")
      .trim();
  }

  #take(chunk: Buffer): void {
    let more = true;
    try {
      for (const piece of this.#parser.parse(chunk)) {
        if (piece.stream === "stdout") more = this.push(piece.bytes) && more;
        else this.#stderr = Buffer.concat([this.#stderr, piece.bytes]).subarray(-stderrTailBytes);
      }
    } catch (error) {
      this.destroy(error instanceof Error ? error : lost("The Docker engine's stream cannot be read"));
      return;
    }
    if (!more) this.#socket.pause();
  }

  #end(): void {
    this.#ended = true;
    if (this.#parser.insideFrame) this.destroy(lost("The Docker engine's stream ended inside a frame"));
    else this.push(null);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, done);
  }

  override _writev(
    chunks: { readonly chunk: Buffer; readonly encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    // One system call for what has piled up: HTTP/2 writes many small frames.
    this.#socket.cork();
    for (const [index, { chunk, encoding }] of chunks.entries()) {
      if (index === chunks.length - 1) this.#socket.write(chunk, encoding, done);
      else this.#socket.write(chunk, encoding);
    }
    this.#socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#ended = true;
    this.#socket.destroy();
    done(error);
  }
}

function lost(message: string, cause?: Error): SandboxLostError {
  return new SandboxLostError(message, dropUndefined({ providerId: "docker", cause }));
}
