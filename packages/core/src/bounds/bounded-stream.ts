import type { SandboxError } from "../errors/index.ts";
import { type Bound, endedBy, noAnswer, type Wait, within } from "./within.ts";

const closeTimeoutMs = 5000;

/**
 * Reads a stream and waits for each piece no longer than `timeoutMs`, and no longer than the signal allows. The time that
 * the reader takes with a piece does not count.
 */
export async function* boundedStream<T>(source: AsyncIterable<T>, bound: Bound): AsyncGenerator<T, void> {
  const { timeoutMs, signal } = bound;
  const iterator = source[Symbol.asyncIterator]();
  let fail: ((error: SandboxError) => void) | undefined;
  let ended: SandboxError | undefined;
  const onAbort = (): void => {
    ended ??= endedBy(signal, bound);
    fail?.(ended);
  };
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          if (fail === undefined) return;
          ended ??= noAnswer(bound, timeoutMs);
          fail(ended);
        }, timeoutMs);
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted) onAbort();
  try {
    while (ended === undefined) {
      timer?.refresh();
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        fail = reject;
        iterator.next().then(resolve, reject);
      });
      fail = undefined;
      if (next.done === true) return;
      yield next.value;
    }
    throw ended;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    await close(iterator, ended !== undefined);
  }
}

/** One that does not give its next piece would not hear of its end either: that is not waited for. */
async function close(iterator: AsyncIterator<unknown>, isStuck: boolean): Promise<void> {
  const closing = within({ operation: "closing a stream", timeoutMs: closeTimeoutMs, undoMs: 0 }, async () =>
    iterator.return?.(),
  ).catch(() => {
    // The reader has what it wanted of the stream, or the error that ended it.
  });
  if (!isStuck) await closing;
}

/** A stream on its way into a call: the call's time counts only while it has been given a piece. */
export async function* timedPieces<T>(source: AsyncIterable<T>, { touch, hold }: Wait): AsyncGenerator<T, void> {
  hold();
  try {
    for await (const piece of source) {
      touch();
      yield piece;
      hold();
    }
  } finally {
    touch();
  }
}
