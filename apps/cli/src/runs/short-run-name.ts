/** A shorter end of an id could be typed for another one, and a short number is a place. */
const shortest = 5;

/** What to call a run among others: the random end of its id, which stays the same however many follow, or the whole id. */
export function shortRunName(runId: string, ids: readonly string[]): string {
  const end = runId.slice(runId.lastIndexOf("-") + 1);
  const fitting = ids.filter((other) => other.startsWith(end) || other.endsWith(end));
  return end.length >= shortest && fitting.length === 1 ? end : runId;
}
