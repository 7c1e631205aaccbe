/** The longest that one timer can wait. */
const longestTimerMs = 2 ** 31 - 1;
/** How long a held lease waits for another one, in time in which this process runs. */
const holdMs = 30_000;
const holdStepMs = 250;

/** The absolute moment at which the sandbox ends, on a clock that nobody sets. Until the first is set, the sandbox is asleep. */
export class Lease {
  #endsAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #onEnd: () => void;

  constructor(ttlMs: number | undefined, onEnd: () => void) {
    this.#onEnd = onEnd;
    if (ttlMs !== undefined) this.set(ttlMs);
  }

  get isAsleep(): boolean {
    return this.#endsAt === undefined;
  }

  /** 0 while the sandbox is asleep. */
  get remainingMs(): number {
    return Math.max(0, (this.#endsAt ?? 0) - performance.now());
  }

  /** Ends it `ttlMs` from now. */
  set(ttlMs: number): void {
    this.#endsAt = performance.now() + ttlMs;
    this.#arm();
  }

  /**
   * The sandbox is about to be frozen, and its lease may have passed when it runs on. It does not end then before there was
   * time to set another. A host that dies before it freezes the sandbox delays the end by no more than that time.
   */
  hold(stepsLeft: number = holdMs / holdStepMs): void {
    if (this.isAsleep) return;
    clearTimeout(this.#timer);
    // In steps, of which one at most is under way while the sandbox is frozen: only time in which it runs counts.
    this.#timer = setTimeout(() => (stepsLeft > 1 ? this.hold(stepsLeft - 1) : this.#arm()), holdStepMs);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => (this.remainingMs > 0 ? this.#arm() : this.#onEnd()),
      Math.min(Math.ceil(this.remainingMs), longestTimerMs),
    );
  }
}
