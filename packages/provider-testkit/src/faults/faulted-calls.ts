/**
 * As many of the calls of a run as may be hit: spread over the whole of it, and beginning elsewhere for each `turn`, so that
 * several turns hit more of them.
 */
export function faultedCalls<T>(calls: readonly T[], most: number, turn = 0): readonly T[] {
  if (calls.length <= most) return calls;
  const step = calls.length / most;
  const first = turn % Math.ceil(step);
  return calls.filter((_, index) => Math.floor((index - first) / step) !== Math.floor((index - 1 - first) / step));
}
