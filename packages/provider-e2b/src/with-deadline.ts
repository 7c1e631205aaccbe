import { SandboxAbortedError, SandboxTimeoutError } from "@glovebox/core/provider";

export interface Deadline {
  /** Completes "Aborted while …". */
  readonly doing: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/**
 * Gives work so long, and tells it by the signal when it is not wanted any more. Settles then whether the work does or not: a
 * signal that the SDK combines with its own may be collected as garbage before it is heard.
 */
export async function withDeadline<T>(
  { doing, timeoutMs, signal }: Deadline,
  work: (unwanted: AbortSignal) => Promise<T>,
): Promise<T> {
  const aborted = (): SandboxAbortedError =>
    new SandboxAbortedError(`Aborted while ${doing}`, { providerId: "e2b", cause: signal?.reason });
  if (signal?.aborted) throw aborted();
  const unwanted = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const given = new Promise<never>((_, reject) => {
    const end = (error: Error): void => {
      reject(error);
      unwanted.abort(error);
    };
    onAbort = () => end(aborted());
    timer = setTimeout(
      () =>
        end(
          new SandboxTimeoutError(`E2B did not answer in time while ${doing}`, { providerId: "e2b", retryable: true }),
        ),
      timeoutMs,
    );
    signal?.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([work(unwanted.signal), given]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
