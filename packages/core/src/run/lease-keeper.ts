import type { Sandbox } from "../provider/sandbox.ts";

export interface LeaseKeeperOptions {
  readonly sandbox: () => Sandbox;
  readonly leaseMs: number;
  /** Whether this process may still speak for the run. */
  readonly isCurrent: () => boolean;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Extends a sandbox's lease three times within its length, as long as it is kept. A call that fails is tried again at the
 * next turn: two in a row may fail before the lease is in danger.
 */
export class LeaseKeeper {
  readonly #timer: NodeJS.Timeout;

  constructor(options: LeaseKeeperOptions) {
    const everyMs = Math.floor(options.leaseMs / 3);
    this.#timer = setInterval(() => void extend(options, everyMs).catch(options.onFailure), everyMs);
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}

async function extend({ sandbox, leaseMs, isCurrent }: LeaseKeeperOptions, timeoutMs: number): Promise<void> {
  if (isCurrent()) await sandbox().extend(leaseMs, { signal: AbortSignal.timeout(timeoutMs) });
}
