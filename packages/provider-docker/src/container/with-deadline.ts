import { SandboxAbortedError, SandboxTimeoutError } from "@glovebox/core/provider";
import { mapEngineError } from "../engine/engine-error.ts";

export interface DeadlineOptions {
  /** Completes "Docker failed while …" and "Docker took too long: …": `starting the container`. */
  readonly doing: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One stage of work on an engine, with a time-out of its own. Rejects with `timeout`, `aborted` or the mapped failure;
 * the signal that `call` is given fires when its result is not wanted any more.
 */
export async function withDeadline<T>(options: DeadlineOptions, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { doing, timeoutMs, signal } = options;
  if (signal?.aborted) throw aborted(doing, signal);
  const unwanted = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `Docker took longer than ${timeoutMs / 1000} s while ${doing}`;
      reject(new SandboxTimeoutError(message, { providerId: "docker" }));
    }, timeoutMs);
    onAbort = () => reject(aborted(doing, signal));
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([call(unwanted.signal), ended]);
  } catch (error) {
    unwanted.abort();
    throw mapEngineError(error, doing);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener("abort", onAbort);
  }
}

function aborted(doing: string, signal: AbortSignal | undefined): SandboxAbortedError {
  return new SandboxAbortedError(`Aborted while ${doing}`, { providerId: "docker", cause: signal?.reason });
}
