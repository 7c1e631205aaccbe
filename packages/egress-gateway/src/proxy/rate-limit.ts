/**
 * Allows a burst of `perSecond` calls and that rate from then on; later calls wait. Refusals wait here first, so that a
 * sandbox that repeats a refused request cannot fill the journal. After the signal nothing waits.
 *
 * Not p-limit: that bounds concurrency, and this bounds a rate, with a wait that ends on the signal.
 */
export function rateLimit(perSecond: number, signal: AbortSignal): () => Promise<void> {
  const waiting = new Set<() => void>();
  let next = 0;
  signal.addEventListener("abort", () => {
    for (const go of waiting) go();
  });
  return async () => {
    const time = performance.now();
    next = Math.max(next, time - 1000) + 1000 / perSecond;
    const waitMs = next - time;
    if (waitMs <= 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, waitMs);
      waiting.add(go);
    });
  };
}
