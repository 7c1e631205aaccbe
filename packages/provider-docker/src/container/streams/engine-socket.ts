import { connect, type Socket } from "node:net";

const bufferBytes = 256 * 1024;
/** A piece is no shorter unless the connection ends. */
const pieceBytes = 128 * 1024;

/**
 * A connection to an engine that is read piece by piece into the same memory: nothing is copied or left for the
 * collector, which for a gibibyte is what most of the time and all of the memory would go to. For answers that end with
 * their connection.
 */
export class EngineSocket {
  readonly #socket: Socket;
  readonly #buffer = Buffer.allocUnsafeSlow(bufferBytes);
  #filled = 0;
  #piece: Buffer | undefined;
  #closed = false;
  #error: Error | undefined;
  #wake: () => void = () => {};

  constructor(path: string) {
    const buffer = (): Buffer => this.#buffer.subarray(this.#filled);
    const callback = (bytes: number): boolean => {
      this.#filled += bytes;
      if (this.#filled < pieceBytes) return true;
      this.#handOver();
      return false;
    };
    this.#socket = connect({ path, onread: { buffer, callback } });
    this.#socket.on("error", (error) => {
      this.#error = error;
    });
    for (const event of ["end", "close"])
      this.#socket.once(event, () => {
        this.#closed = true;
        this.#handOver();
      });
  }

  #handOver(): void {
    if (this.#filled > 0) this.#piece = this.#buffer.subarray(0, this.#filled);
    this.#filled = 0;
    this.#wake();
  }

  write(bytes: string): void {
    this.#socket.write(bytes);
  }

  /** What comes next, valid until the next is asked for; undefined at the end. Throws when the connection breaks. */
  async next(): Promise<Buffer | undefined> {
    this.#socket.resume();
    while (this.#piece === undefined && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const piece = this.#piece;
    this.#piece = undefined;
    if (piece === undefined && this.#error !== undefined) throw this.#error;
    return piece;
  }

  destroy(error?: Error): void {
    this.#socket.destroy(error);
  }
}
