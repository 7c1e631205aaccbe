import type { SandboxError } from "../errors/index.ts";

/** Why a run is to stop before its harness has ended by itself. */
export type StopReason =
  | { readonly kind: "cancelled" }
  | { readonly kind: "timed-out"; readonly message: string }
  /** The models have used up what the run may cost, and the harness has not ended for it. */
  | { readonly kind: "budget-spent" }
  | { readonly kind: "aborted" }
  /** The run itself can go no further: its journal cannot be written, or another process has taken it over. */
  | { readonly kind: "failed"; readonly error: SandboxError };

/**
 * Decides once why a run stops. `stopping` fires at the first reason; `aborted` when everything is to be dropped at
 * once, also after a first reason.
 */
export class StopSwitch {
  readonly #stopping = new AbortController();
  readonly #aborted = new AbortController();
  #reason: StopReason | undefined;

  get reason(): StopReason | undefined {
    return this.#reason;
  }

  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  get aborted(): AbortSignal {
    return this.#aborted.signal;
  }

  stop(reason: StopReason): void {
    this.#reason ??= reason;
    this.#stopping.abort();
    if (reason.kind === "aborted") this.#aborted.abort();
  }
}
