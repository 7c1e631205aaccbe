import type { EgressPolicy } from "../../provider/egress-policy.ts";
import type { Sandbox } from "../../provider/sandbox.ts";
import type { RunContext } from "../context/run-context.ts";
import { LeaseKeeper } from "../recovery/lease-keeper.ts";

/** The sandbox of a run: the handle that works at present, and its lease as far as this host knows it. */
export class RunSandbox {
  readonly #run: RunContext;
  readonly #egress: EgressPolicy;
  /** Whether it was an earlier run's. */
  readonly isTakenOver: boolean;
  /** Whether it has the project, the files and the conversation already. */
  readonly isFilled: boolean;
  #handle: Sandbox;
  #leaseEndsAt: Date;
  #keeper: LeaseKeeper | undefined;

  constructor(
    run: RunContext,
    created: {
      readonly handle: Sandbox;
      readonly egress: EgressPolicy;
      readonly isTakenOver: boolean;
      readonly isFilled: boolean;
    },
  ) {
    this.#run = run;
    this.#egress = created.egress;
    this.#handle = created.handle;
    this.isTakenOver = created.isTakenOver;
    this.isFilled = created.isFilled;
    this.#leaseEndsAt = new Date(Date.now() + run.leaseMs);
  }

  get handle(): Sandbox {
    return this.#handle;
  }

  /** The lease's end by this host's clock. */
  get leaseEndsAt(): Date {
    return this.#leaseEndsAt;
  }

  get isLeaseOver(): boolean {
    return this.#leaseEndsAt.getTime() <= Date.now();
  }

  /** Extends the lease until `releaseLease`. */
  keepLease(): void {
    const { leaseMs, lock, reporter } = this.#run;
    this.#keeper = new LeaseKeeper({
      sandbox: () => this.#handle,
      leaseMs,
      isCurrent: () => lock.isCurrent(),
      onExtended: (endsAt) => {
        this.#leaseEndsAt = endsAt;
      },
      onFailure: (error) => reporter.warn("lease", `The lease could not be extended: ${(error as Error).message}`),
    });
  }

  releaseLease(): void {
    this.#keeper?.dispose();
  }

  /** Replaces a broken handle by a new one with the same egress. `wake` also starts a sandbox that has stopped. */
  async reconnect(signal: AbortSignal, options: { readonly wake?: boolean } = {}): Promise<Sandbox> {
    const { spec, reporter, monitor, leaseMs } = this.#run;
    const broken = this.#handle;
    const { wake: canWake, pause: canPause } = spec.provider.capabilities;
    const wakeForMs = options.wake && (canWake || canPause) ? leaseMs : undefined;
    this.#handle = await reporter.retry(
      "connecting",
      () =>
        spec.provider.connect(broken.id, {
          signal,
          egress: this.#egress,
          egressObserver: monitor.observer,
          ...(wakeForMs === undefined ? {} : { wakeForMs }),
        }),
      signal,
    );
    await broken.close().catch(() => {
      // Its connection is the broken one; the sandbox itself is held by the new handle.
    });
    return this.#handle;
  }

  /** Gives up the handle; the sandbox stays. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => {
      // Nothing follows on this handle.
    });
  }
}
