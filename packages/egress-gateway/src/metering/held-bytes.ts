/** The most that is held of all requests at once, in bytes. */
const maxHeldBytes = 256 * 1024 * 1024;

/** Counts what is held in memory of requests that are read whole. */
export class HeldBytes {
  readonly #held = new Map<object, number>();
  #total = 0;

  /** False when there is no room for it. */
  add(holder: object, bytes: number): boolean {
    if (this.#total + bytes > maxHeldBytes) return false;
    this.#total += bytes;
    this.#held.set(holder, (this.#held.get(holder) ?? 0) + bytes);
    return true;
  }

  release(holder: object): void {
    this.#total -= this.#held.get(holder) ?? 0;
    this.#held.delete(holder);
  }
}
