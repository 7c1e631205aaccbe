import type { WatchedRun } from "../watched-run.ts";

/** A row of the list: a batch, or a run. */
export type ListItem =
  | { readonly kind: "batch"; readonly batch: string; readonly runs: readonly WatchedRun[] }
  | { readonly kind: "run"; readonly run: WatchedRun };

/** The runs with a row for each batch above its own. The runs of a batch have to be neighbours. */
export function listItems(runs: readonly WatchedRun[]): readonly ListItem[] {
  const items: ListItem[] = [];
  let current: string | undefined;
  for (const run of runs) {
    const { batch } = run;
    if (batch !== undefined && batch !== current) {
      items.push({ kind: "batch", batch, runs: runs.filter((other) => other.batch === batch) });
    }
    current = batch;
    items.push({ kind: "run", run });
  }
  return items;
}

/** The items that fit, with the chosen run among them; the row of its batch too where it is the first. */
export function visibleItems(
  items: readonly ListItem[],
  chosen: string | undefined,
  height: number,
): readonly ListItem[] {
  const at = items.findIndex((item) => item.kind === "run" && item.run.runId === chosen);
  const start = Math.max(0, Math.min(at - Math.floor(height / 2), items.length - height));
  return items.slice(start, start + height);
}
