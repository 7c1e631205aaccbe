const stopSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** A package manager passes on the Ctrl-C that the terminal has already sent: within this time two are one. */
const sameMs = 50;

export interface InterruptListener {
  readonly first: () => void;
  readonly second: () => void;
}

/**
 * Hears Ctrl-C and its kin, or other `signals`: once to end in good order, twice to end at once. A third has the system's own
 * effect.
 */
export function listenForInterrupts(
  listener: InterruptListener,
  signals: readonly NodeJS.Signals[] = stopSignals,
): Disposable {
  let heard = 0;
  let last = Number.NEGATIVE_INFINITY;
  const hear = () => {
    const at = performance.now();
    if (at - last < sameMs) return;
    last = at;
    heard += 1;
    if (heard === 1) return listener.first();
    listener.second();
    stop();
  };
  const stop = () => {
    for (const signal of signals) process.off(signal, hear);
  };
  for (const signal of signals) process.on(signal, hear);
  return { [Symbol.dispose]: stop };
}
