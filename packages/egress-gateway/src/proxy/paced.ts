/**
 * Lets a hundred calls pass at once and a hundred more each second; later ones wait for their turn. Whoever refuses waits
 * here first, so that asking for what is refused over and over cannot fill the journal.
 */
export function paced(perSecond: number): () => Promise<void> {
  let next = 0;
  return async () => {
    const time = performance.now();
    next = Math.max(next, time - 1000) + 1000 / perSecond;
    const waitMs = next - time;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  };
}
