import { SandboxAbortedError, SandboxError, SandboxTimeoutError } from "../errors/index.ts";

export interface Bound {
  /** Completes "No answer while …": `removing the sandbox`. */
  readonly operation: string;
  /** How long the call may go without an answer. Without it only the signal ends the wait. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long a call may still take to undo what it started, once it is not wanted any more. */
  readonly undoMs?: number;
  /** Named in errors. */
  readonly providerId?: string | undefined;
}

/** What a call can do with its own bound. */
export interface Wait {
  /** Aborted when the result is not wanted any more. */
  readonly signal: AbortSignal;
  /** Counts the time again: there was activity. */
  readonly touch: () => void;
  /** Stops counting until the next `touch`: the other side is not what is waited for. */
  readonly hold: () => void;
}

const defaultUndoMs = 5000;

/**
 * Waits for a call no longer than its deadline and its signal allow, whether or not the call heeds either. Rejects with
 * `timeout` or `aborted` then. A value that comes later is given to `onLate`, which releases it.
 */
export function within<T>(bound: Bound, call: (wait: Wait) => Promise<T>, onLate?: (value: T) => unknown): Promise<T> {
  const { timeoutMs, signal, undoMs = defaultUndoMs } = bound;
  const abandoned = new AbortController();
  return new Promise<T>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let givenUp: SandboxError | undefined;
    let settled = false;
    const complete = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      finish();
    };
    const giveUp = (error: SandboxError): void => {
      if (givenUp !== undefined || settled) return;
      givenUp = error;
      clearTimeout(timer);
      timer = setTimeout(() => complete(() => reject(error)), undoMs);
      abandoned.abort();
    };
    const onAbort = (): void => giveUp(endedBy(signal, bound));
    const hold = (): void => {
      if (givenUp === undefined) clearTimeout(timer);
    };
    const touch = (): void => {
      if (givenUp !== undefined || settled || timeoutMs === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(() => giveUp(noAnswer(bound, timeoutMs)), timeoutMs);
    };
    touch();
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) onAbort();
    started(() => call({ signal: abandoned.signal, touch, hold })).then(
      (value) => (settled ? release(value, onLate) : complete(() => resolve(value))),
      (error: unknown) => complete(() => reject(givenUp === undefined ? error : whyGivenUp(givenUp, error))),
    );
  });
}

/** A call that throws at once has failed like any other. */
async function started<T>(call: () => Promise<T>): Promise<T> {
  return await call();
}

function release<T>(value: T, onLate: ((value: T) => unknown) | undefined): void {
  // Nobody waits for it any more, so a failed release is reported to nobody.
  started(async () => onLate?.(value)).catch(() => {});
}

/** What the call reports about its end, unless that is only that it was given up. */
function whyGivenUp(givenUp: SandboxError, error: unknown): unknown {
  if (!SandboxError.isInstance(error) || error.code !== "aborted") return error;
  if (givenUp.code === "aborted" || error.mayHaveCreated) return error;
  return givenUp;
}

/** The error for a signal that ended a wait: one that was a deadline is named as such. */
export function endedBy(signal: AbortSignal | undefined, { operation, providerId }: Bound): SandboxError {
  const options = { ...(providerId === undefined ? {} : { providerId }), cause: signal?.reason };
  if ((signal?.reason as Error | undefined)?.name === "TimeoutError") {
    return new SandboxTimeoutError(`No answer in time while ${operation}`, options);
  }
  return new SandboxAbortedError(`Stopped while ${operation}`, options);
}

export function noAnswer({ operation, providerId }: Bound, timeoutMs: number): SandboxTimeoutError {
  const options = providerId === undefined ? {} : { providerId };
  return new SandboxTimeoutError(`No answer within ${timeoutMs / 1000} s while ${operation}`, options);
}
