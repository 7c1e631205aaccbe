import type { SandboxError } from "../../errors/index.ts";

/** Why a run is to stop before its harness has ended by itself. */
export type StopReason =
  | { readonly kind: "cancelled" }
  | {
      readonly kind: "timed-out";
      readonly message: string;
      /** The limit that was reached. */
      readonly setting: "timeoutMs" | "idleTimeoutMs";
    }
  /** The models have used up what the run may cost, and the harness has not ended for it. */
  | { readonly kind: "budget-spent" }
  | { readonly kind: "aborted" }
  /** The run itself can go no further: its journal cannot be written, or another process has taken it over. */
  | { readonly kind: "failed"; readonly error: SandboxError };

/** How long everything may take that follows an abort: undoing a create, removing the sandbox. */
const abortedMs = 60_000;

/**
 * Decides once why a run stops. `stopping` fires at the first reason; `aborted` when everything is to be dropped at
 * once, also after a first reason.
 */
export class CancellationController {
  readonly #stopping = new AbortController();
  readonly #aborted = new AbortController();
  readonly #overdue = new AbortController();
  #timer: NodeJS.Timeout | undefined;
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

  /** Fires when the time is over that an aborted run has for its end, whatever it was doing when it was aborted. */
  get overdue(): AbortSignal {
    return this.#overdue.signal;
  }

  stop(reason: StopReason): void {
    this.#reason ??= reason;
    this.#stopping.abort();
    if (reason.kind !== "aborted" || this.#aborted.signal.aborted) return;
    this.#timer = setTimeout(
      () => this.#overdue.abort(new DOMException("The run was aborted", "TimeoutError")),
      abortedMs,
    );
    this.#aborted.abort();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
