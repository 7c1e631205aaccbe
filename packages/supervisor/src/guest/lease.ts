/** The longest that one timer can wait. */
const longestTimerMs = 2 ** 31 - 1;

/** The absolute moment at which the sandbox ends, on a clock that nobody sets. */
export class Lease {
  #endsAt = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #onEnd: () => void;

  constructor(ttlMs: number, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.set(ttlMs);
  }

  get remainingMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Ends it `ttlMs` from now. */
  set(ttlMs: number): void {
    this.#endsAt = performance.now() + ttlMs;
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => (this.remainingMs > 0 ? this.#arm() : this.#onEnd()),
      Math.min(Math.ceil(this.remainingMs), longestTimerMs),
    );
  }
}
