import type { RunSummary } from "@glovebox/core";
import { isInState, type RunState } from "./run-state.ts";

/** The most runs that are listed unless all are wanted; those that need attention are always. */
export const mostListed = 20;

export interface RunFilters {
  readonly all?: boolean;
  readonly state?: readonly RunState[];
  readonly provider?: string;
  readonly since?: Date;
  readonly label?: readonly string[];
}

/**
 * The runs that a list shows. Without `all`, none that ended before it had a sandbox; and without a filter, the newest, the
 * active ones and those that left something.
 */
export function selectRuns<T extends RunSummary>(runs: readonly T[], filters: RunFilters): readonly T[] {
  const begun = filters.all ? runs : runs.filter(({ hasBegun, isAlive }) => hasBegun || isAlive);
  const { state, provider, since, label } = filters;
  const isFiltered = [state, provider, since, label].some((filter) => filter !== undefined);
  if (!isFiltered && !filters.all) {
    return begun.filter(({ isAlive, isLeftBehind }, place) => place < mostListed || isAlive || isLeftBehind);
  }
  return begun.filter(
    (run) =>
      (state === undefined || state.some((one) => isInState(run, one))) &&
      (provider === undefined || run.providerId === provider) &&
      (since === undefined || run.startedAt >= since) &&
      (label ?? []).every((wanted) => hasLabel(run, wanted)),
  );
}

/** `key=value`, or `key` for any value. */
function hasLabel({ labels = {} }: RunSummary, wanted: string): boolean {
  const at = wanted.indexOf("=");
  return at === -1 ? Object.hasOwn(labels, wanted) : labels[wanted.slice(0, at)] === wanted.slice(at + 1);
}
