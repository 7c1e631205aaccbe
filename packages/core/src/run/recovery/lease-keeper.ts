import type { Sandbox } from "../../provider/sandbox.ts";

/** How a `LeaseKeeper` extends a sandbox's lease. */
export interface LeaseKeeperOptions {
  readonly sandbox: () => Pick<Sandbox, "extend">;
  readonly leaseMs: number;
  /** Whether this process may still speak for the run. */
  readonly isCurrent: () => boolean;
  /** Called with the lease's new end by this host's clock, or a moment shortly before it: never a later one. */
  readonly onExtended?: (endsAt: Date) => void;
  /** Called for the first of the failures that follow one another. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Extends a sandbox's lease at once, and then three times within its length, as long as it is kept. A call that fails is retried
 * at the next turn: two in a row may fail before the lease is in danger.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #everyMs: number;
  readonly #timer: NodeJS.Timeout;
  #isFailing = false;
  #isDisposed = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#everyMs = Math.floor(options.leaseMs / 3);
    this.#timer = setInterval(() => this.#extend(), this.#everyMs);
    void this.#extend();
  }

  /** Ends the keeping. What a call that is under way comes to is not reported any more. */
  dispose(): void {
    this.#isDisposed = true;
    clearInterval(this.#timer);
  }

  async #extend(): Promise<void> {
    const { sandbox, leaseMs, isCurrent, onExtended, onFailure } = this.#options;
    const sentAt = Date.now();
    try {
      if (!isCurrent()) return;
      const endsAt = await sandbox().extend(leaseMs, { signal: AbortSignal.timeout(this.#everyMs) });
      if (this.#isDisposed) return;
      this.#isFailing = false;
      // The reply may be read long after it was sent, by a machine that slept in between: the lease did not wait for that.
      onExtended?.(new Date(Math.min(endsAt.getTime(), sentAt + leaseMs)));
    } catch (error) {
      if (this.#isDisposed) return;
      if (!this.#isFailing) onFailure(error);
      this.#isFailing = true;
    }
  }
}
