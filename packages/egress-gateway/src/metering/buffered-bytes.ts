/** The maximum that is buffered of all requests at once, in bytes. */
const maxBufferedBytes = 256 * 1024 * 1024;

/** Counts what is buffered in memory of requests that are read whole. */
export class BufferedBytes {
  readonly #pending = new Map<object, number>();
  #total = 0;

  /** False when there is no room for it. */
  add(holder: object, bytes: number): boolean {
    if (this.#total + bytes > maxBufferedBytes) return false;
    this.#total += bytes;
    this.#pending.set(holder, (this.#pending.get(holder) ?? 0) + bytes);
    return true;
  }

  release(holder: object): void {
    this.#total -= this.#pending.get(holder) ?? 0;
    this.#pending.delete(holder);
  }
}
