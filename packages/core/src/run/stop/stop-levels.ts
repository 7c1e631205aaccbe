export interface StopLevelsOptions {
  /** Asks the harness to end. */
  readonly ask: () => Promise<void>;
  /** Kills it with everything that it started. */
  readonly kill: () => Promise<void>;
  readonly onKillFailed: (error: unknown) => void;
}

/** How long a harness may take to stop after it was asked to, before it is killed. */
const askedMs = 5000;
/** How long it may take to be gone after that, before nobody waits for it any more. */
const killedMs = 10_000;

/**
 * How a harness is stopped: it is asked, then killed, then left to the end of its sandbox. Each level begins when the time
 * of the one before is over, whether or not the sandbox has answered.
 */
export class StopLevels {
  readonly #options: StopLevelsOptions;
  readonly #left = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #level: "none" | "ask" | "kill" | "leave" = "none";

  constructor(options: StopLevelsOptions) {
    this.#options = options;
  }

  /** Aborted when the harness is not waited for any more. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  ask(): void {
    if (this.#level !== "none") return;
    this.#enter("ask", askedMs, () => this.kill());
    // A harness that cannot be asked is killed when its time is over.
    this.#options.ask().catch(() => {});
  }

  kill(): void {
    if (this.#level === "kill" || this.#level === "leave") return;
    this.#enter("kill", killedMs, () => this.leave());
    this.#options.kill().catch(this.#options.onKillFailed);
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#level = "leave";
    this.#left.abort();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #enter(level: "ask" | "kill", forMs: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#level = level;
    this.#timer = setTimeout(then, forMs);
  }
}
