import { readSync } from "node:fs";

const readBytes = 256 * 1024;

/** The helper's standard input: a request, then pieces behind their lengths; a length of 0 ends them. */
export class HelperInput {
  #buffer: Buffer = Buffer.alloc(0);
  #left = 0;

  request<T>(): T {
    const length = this.#exactly(4).readUInt32BE(0);
    return JSON.parse(this.#exactly(length).toString("utf8")) as T;
  }

  /** What comes next of the body; undefined at its end. Throws when the input ends before the body has. */
  piece(): Buffer | undefined {
    if (this.#left === 0) this.#left = this.#exactly(4).readUInt32BE(0);
    if (this.#left === 0) return undefined;
    const piece = this.#take(this.#left);
    this.#left -= piece.length;
    return piece;
  }

  #exactly(length: number): Buffer {
    const whole = Buffer.alloc(length);
    for (let filled = 0; filled < length; ) filled += this.#take(length - filled).copy(whole, filled);
    return whole;
  }

  #take(atMost: number): Buffer {
    if (this.#buffer.length === 0) {
      const fresh = Buffer.allocUnsafeSlow(readBytes);
      this.#buffer = fresh.subarray(0, readSync(0, fresh, 0, readBytes, null));
      if (this.#buffer.length === 0) throw new Error("the body was broken off");
    }
    const taken = this.#buffer.subarray(0, atMost);
    this.#buffer = this.#buffer.subarray(taken.length);
    return taken;
  }
}
