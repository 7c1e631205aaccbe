import type { RunSummary } from "@glovebox/core";

/** A shorter end of an id could be typed for another one, and a short number is a place. */
const shortest = 5;

/** What to call each run, by its id: the random end of the id, which stays the same however many runs follow, or the whole id. */
export function shortRunNames(runs: readonly RunSummary[]): ReadonlyMap<string, string> {
  const ids = runs.map(({ runId }) => runId);
  return new Map(ids.map((runId) => [runId, shortName(runId, ids)]));
}

function shortName(runId: string, ids: readonly string[]): string {
  const end = runId.slice(runId.lastIndexOf("-") + 1);
  const fitting = ids.filter((other) => other.startsWith(end) || other.endsWith(end));
  return end.length >= shortest && fitting.length === 1 ? end : runId;
}
