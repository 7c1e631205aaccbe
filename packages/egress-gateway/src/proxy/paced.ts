/**
 * Lets `perSecond` calls pass at once and as many each second; later ones wait for their turn. Whoever refuses waits here
 * first, so that asking for what is refused over and over cannot fill the journal. After the signal nobody waits.
 */
export function paced(perSecond: number, signal: AbortSignal): () => Promise<void> {
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
