import type { ServerHttp2Stream } from "node:http2";
import { StreamReader } from "../../protocol/stream-reader.ts";
import { SupervisorFailure } from "../supervisor-failure.ts";

/** The body of a request, read piece by piece. */
export class RequestBody {
  readonly #reader: StreamReader;
  #left: Buffer = Buffer.alloc(0);

  constructor(stream: ServerHttp2Stream) {
    this.#reader = new StreamReader(stream);
  }

  /** What has arrived, at least one byte and at most `atMost`; undefined at the end. */
  async read(atMost: number): Promise<Buffer | undefined> {
    while (this.#left.length === 0) {
      const next = await this.#reader.next();
      if (next === undefined) return undefined;
      this.#left = next;
    }
    const piece = this.#left.subarray(0, atMost);
    this.#left = this.#left.subarray(piece.length);
    return piece;
  }

  /** A JSON behind its length. */
  async json<T>(maxBytes: number): Promise<T> {
    const length = (await this.#exactly(4)).readUInt32BE(0);
    if (length > maxBytes)
      throw new SupervisorFailure("invalid-options", `The request is longer than ${maxBytes} bytes.`);
    return JSON.parse((await this.#exactly(length)).toString("utf8")) as T;
  }

  async #exactly(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const piece = await this.read(missing);
      if (piece === undefined) throw new SupervisorFailure("invalid-options", "The request ended early.");
      pieces.push(piece);
      missing -= piece.length;
    }
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }
}
