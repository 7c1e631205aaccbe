import type { Run } from "@glovebox/client";

interface LivePage {
  readonly runs: readonly Run[];
  readonly nextCursor?: string | undefined;
}

/**
 * The newest page as it is, and from the older pages what is older than its last run: a run that no longer matches the filter
 * disappears, and none is there twice.
 */
export function mergeRuns(live: LivePage, older: readonly Run[]): readonly Run[] {
  const last = live.runs.at(-1);
  if (live.nextCursor === undefined || last === undefined) return live.runs;
  const isOlder = (run: Run): boolean =>
    run.createdAt === last.createdAt ? run.id < last.id : run.createdAt < last.createdAt;
  return [...live.runs, ...older.filter(isOlder)];
}
