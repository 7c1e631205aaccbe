import type { Sandbox } from "../provider/sandbox.ts";

/**
 * Extends a sandbox's lease three times within its length, as long as it is kept. A call that fails is tried again at the
 * next turn: two in a row may fail before the lease is in danger.
 */
export class LeaseKeeper {
  readonly #timer: NodeJS.Timeout;

  constructor(options: {
    readonly sandbox: () => Sandbox;
    readonly leaseMs: number;
    /** Whether this process may still speak for the run. */
    readonly isCurrent: () => boolean;
    readonly onFailure: (error: unknown) => void;
  }) {
    this.#timer = setInterval(() => {
      if (!options.isCurrent()) return;
      options
        .sandbox()
        .extend(options.leaseMs, { signal: AbortSignal.timeout(options.leaseMs / 3) })
        .catch(options.onFailure);
    }, options.leaseMs / 3);
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
