import { listenForInterrupts } from "../run/interrupts.ts";

/** Runs `work` with a signal that Ctrl-C aborts. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupted = new AbortController();
  const abort = () => interrupted.abort();
  using _ = listenForInterrupts({ first: abort, second: abort });
  return await work(interrupted.signal);
}
