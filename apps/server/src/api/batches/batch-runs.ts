import type { Run, RunFilter, Store } from "@glovebox/store";

const pageLength = 500;

/** Every run of a batch, in the order of its rows. */
export async function batchRuns(store: Store, batchId: string, filter: RunFilter = {}): Promise<readonly Run[]> {
  const runs: Run[] = [];
  let cursor: string | undefined;
  do {
    const page = { limit: pageLength, ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor } = await store.runs.list({ ...filter, batchId }, page);
    runs.push(...items);
    cursor = nextCursor;
  } while (cursor !== undefined);
  const collator = new Intl.Collator("en", { numeric: true });
  return runs.sort((a, b) => collator.compare(a.rowId ?? "", b.rowId ?? ""));
}
