/** The most that one timer can hold. */
const maxTimerMs = 2 ** 31 - 1;

/** Rings once, at a moment that may be moved. It keeps no process alive. */
export class Alarm {
  #timer: NodeJS.Timeout | undefined;
  readonly #ring: () => void;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** In milliseconds since 1970. One that is past rings at once. */
  set(at: number): void {
    this.clear();
    const leftMs = Math.max(0, at - Date.now());
    this.#timer = setTimeout(() => (at > Date.now() ? this.set(at) : this.#ring()), Math.min(leftMs, maxTimerMs));
    this.#timer.unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
  }
}
