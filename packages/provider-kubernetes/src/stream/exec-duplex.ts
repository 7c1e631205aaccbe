import { Duplex } from "node:stream";
import { dropUndefined, SandboxLostError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { type RawData, WebSocket } from "ws";
import { channel } from "./channel.ts";
import { TextTail } from "./text-tail.ts";
import { watchPongs } from "./watch-pongs.ts";

const tailBytes = 8 * 1024;
/** The longest message: the server takes it into memory as a whole. */
const maxMessageBytes = 64 * 1024;

/**
 * The input and output of a program that an exec runs, as one byte stream. A slow reader stops the connection, a slow program
 * the writer, and neither waits for the other. Ends when the program's output ends. Fails with `lost` when the connection
 * breaks or says what cannot be read; what had been received by then may be missing.
 *
 * How the program ended is no more than a part of messages: a cluster may say that all went well of output that was cut.
 */
export class ExecDuplex extends Duplex {
  readonly #socket: WebSocket;
  readonly #stderr = new TextTail(tailBytes);
  readonly #status = new TextTail(tailBytes);

  constructor(socket: WebSocket, firstLine?: string) {
    super({ readableHighWaterMark: 1024 * 1024, writableHighWaterMark: 256 * 1024 });
    this.#socket = socket;
    // Whoever reads hears of it; without a listener an error would end this process.
    this.on("error", () => {});
    socket.on("message", (data, isBinary) => this.#take(data, isBinary));
    socket.on("error", (cause) => this.destroy(lost("The connection to the pod broke", cause)));
    socket.once("close", (code) => this.#closed(code));
    const stopWatching = watchPongs(socket, () => this.destroy(lost("The connection to the pod is silent")));
    this.once("close", stopWatching);
    if (socket.readyState !== WebSocket.OPEN) this.destroy(lost("The connection to the pod closed"));
    else if (firstLine !== undefined) this.write(`${firstLine}\n`);
  }

  /** The last of what the program wrote to its error output: at most 8 KiB, without control characters. */
  get stderrTail(): string {
    return this.#stderr.toString();
  }

  /** Why the cluster says that the program failed; empty where it says nothing. */
  get failure(): string {
    const { status, message } = parseStatus(this.#status.toString());
    return status === "Failure" ? safeLine(message ?? "", 500) : "";
  }

  #take(data: RawData, isBinary: boolean): void {
    if (this.destroyed) return;
    const isReadable = isBinary && Buffer.isBuffer(data) && this.#takeMessage(data);
    if (!isReadable) this.destroy(lost("The cluster's stream cannot be read"));
  }

  /** Whether it is a message that can be read. */
  #takeMessage(message: Buffer): boolean {
    const [number] = message;
    const bytes = message.subarray(1);
    switch (number) {
      case channel.stdout:
        // Servers greet on every channel with nothing, which would not count as read.
        if (bytes.length > 0 && !this.push(bytes)) this.#socket.pause();
        return true;
      case channel.stderr:
        this.#stderr.add(bytes);
        return true;
      case channel.status:
        this.#status.add(bytes);
        return true;
      case channel.close:
        if (bytes[0] === channel.stdout) this.push(null);
        return true;
      case channel.stdin:
      case channel.resize:
        return bytes.length === 0;
    }
    return number === undefined;
  }

  #closed(code: number): void {
    // A close without a word of how the program ended is no end of its output.
    const isEnd = code === 1000 && this.#status.toString() !== "";
    if (isEnd && this.failure === "") this.push(null);
    else if (!this.readableEnded) this.destroy(lost(`The connection to the pod closed${this.#why()}`));
  }

  #why(): string {
    const said = [this.failure, safeLine(this.stderrTail, 300)].filter(Boolean).join("; ");
    return said === "" ? "" : `: ${said}`;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this._writev([{ chunk, encoding }], done);
  }

  /** One message for what has piled up: HTTP/2 writes many small frames. */
  override _writev(
    chunks: readonly { readonly chunk: Buffer | string; readonly encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    const pieces = chunks.map(({ chunk, encoding }) => (Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk, encoding)));
    this.#send(Buffer.concat(pieces), 0, done);
  }

  /** Sends the next once the connection has taken the one before. */
  #send(bytes: Buffer, from: number, done: (error?: Error | null) => void): void {
    if (from >= bytes.length) {
      done();
      return;
    }
    const piece = bytes.subarray(from, from + maxMessageBytes);
    const message = Buffer.allocUnsafe(piece.length + 1);
    message[0] = channel.stdin;
    piece.copy(message, 1);
    this.#socket.send(message, (error) => {
      if (error) done(lost("The connection to the pod broke", error));
      else this.#send(bytes, from + piece.length, done);
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    // Before v5 an end of the input cannot be sent: what ends is everything.
    if (this.#socket.readyState !== WebSocket.OPEN) {
      done();
    } else if (this.#socket.protocol === "v5.channel.k8s.io") {
      this.#socket.send(Buffer.from([channel.close, channel.stdin]), () => done());
    } else {
      this.#socket.close(1000);
      done();
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }
}

function parseStatus(text: string): { readonly status?: string; readonly message?: string } {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    // Cut, or in another form.
    return { status: "Failure", message: text };
  }
}

function lost(message: string, cause?: Error): SandboxLostError {
  return new SandboxLostError(message, dropUndefined({ providerId: "kubernetes", cause }));
}
