interface PumpOptions {
  /** It also works when nobody has woken it for so long. */
  readonly everyMs: number;
  readonly onError: (error: Error) => void;
}

/** Does one thing again and again: whenever it is woken, and every so often. Never twice at the same time. */
export class Pump {
  readonly #work: () => Promise<void>;
  readonly #options: PumpOptions;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #isWoken = false;
  #isStopped = false;

  constructor(work: () => Promise<void>, options: PumpOptions) {
    this.#work = work;
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.wake(), this.#options.everyMs);
    this.wake();
  }

  wake(): void {
    this.#isWoken = true;
    if (!this.#isStopped) this.#working ??= this.#drain();
  }

  /** Resolves when it does nothing any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#working;
  }

  async #drain(): Promise<void> {
    while (this.#isWoken && !this.#isStopped) {
      this.#isWoken = false;
      try {
        await this.#work();
      } catch (error) {
        this.#options.onError(error as Error);
      }
    }
    this.#working = undefined;
  }
}
