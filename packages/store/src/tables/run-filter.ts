import type { RunOutcome } from "@glovebox/core";
import { type SelectQueryBuilder, sql } from "kysely";
import type { RunState } from "../records/run.ts";
import type { Tables } from "../schema/tables.ts";

/** Which runs. Absent: any. */
export interface RunFilter {
  readonly state?: RunState;
  readonly outcome?: RunOutcome;
  readonly userId?: string;
  readonly harness?: string;
  readonly provider?: string;
  readonly batchId?: string;
  readonly workerId?: string;
  /** All of these labels. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Part of the name, the prompt's first words or the id, in any case. */
  readonly search?: string;
}

const columns = ["state", "outcome", "userId", "harness", "provider", "batchId", "workerId"] as const;

/** Returns the query of the runs that match. */
export function filterRuns<O>(
  query: SelectQueryBuilder<Tables, "runs", O>,
  filter: RunFilter,
): SelectQueryBuilder<Tables, "runs", O> {
  let filtered = query;
  for (const column of columns) {
    const value = filter[column];
    if (value !== undefined) filtered = filtered.where(column, "=", value);
  }
  const { labels, search } = filter;
  if (labels !== undefined) filtered = filtered.where(sql<boolean>`labels @> ${JSON.stringify(labels)}::jsonb`);
  if (search === undefined) return filtered;
  const pattern = `%${search.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return filtered.where((where) =>
    where.or([
      where("name", "ilike", pattern),
      where("promptPreview", "ilike", pattern),
      where("id", "ilike", pattern),
    ]),
  );
}
