import { type Kysely, type Selectable, sql } from "kysely";
import type { Batch, BatchCounts, NewBatch } from "../records/batch.ts";
import type { Page, PageOptions } from "../records/page.ts";
import type { Tables } from "../schema/tables.ts";
import { pageLimit, pageOf, readCursor } from "./cursor.ts";
import { dropNulls } from "./drop-nulls.ts";

/** Which batches. Absent: any. */
export interface BatchFilter {
  readonly userId?: string;
}

interface Totals extends BatchCounts {
  readonly costUsd: number;
  readonly endedAt: Date | null;
}

const noTotals: Totals = { queued: 0, running: 0, ended: 0, succeeded: 0, costUsd: 0, endedAt: null };

/** Runs that share a budget. Its runs say how far it is: a batch has no state of its own. */
export class BatchTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Its runs are created after it, with its id. */
  async create({ request, ...columns }: NewBatch): Promise<Batch> {
    const row = { ...columns, request: JSON.stringify(request) };
    const inserted = await this.#db.insertInto("batches").values(row).returningAll().executeTakeFirstOrThrow();
    return toBatch(inserted, noTotals);
  }

  async get(id: string): Promise<Batch | undefined> {
    const row = await this.#db.selectFrom("batches").selectAll().where("id", "=", id).executeTakeFirst();
    return row && (await this.#withTotals([row]))[0];
  }

  /** Newest first. */
  async list({ userId }: BatchFilter = {}, page: PageOptions = {}): Promise<Page<Batch>> {
    const [limit, cursor] = [pageLimit(page), readCursor(page)];
    let query = this.#db.selectFrom("batches").selectAll().orderBy("createdAt", "desc").orderBy("id", "desc");
    if (userId !== undefined) query = query.where("userId", "=", userId);
    if (cursor !== undefined) query = query.where(sql<boolean>`(created_at, id) < (${cursor.at}, ${cursor.id})`);
    const rows = await query.limit(limit + 1).execute();
    return pageOf(await this.#withTotals(rows), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
  }

  async #withTotals(rows: readonly Selectable<Tables["batches"]>[]): Promise<readonly Batch[]> {
    if (rows.length === 0) return [];
    const counted = await sql<Totals & { readonly batchId: string }>`
      select batch_id, count(*) filter (where state = 'queued')::integer as queued,
        count(*) filter (where state = 'running')::integer as running, count(*) filter (where state = 'ended')::integer as ended,
        count(*) filter (where outcome = 'succeeded')::integer as succeeded,
        coalesce(sum(cost_usd), 0) as cost_usd, max(ended_at) as ended_at
      from runs where batch_id in (${sql.join(rows.map(({ id }) => id))}) group by batch_id
    `.execute(this.#db);
    const totals = new Map(counted.rows.map(({ batchId, ...one }) => [batchId, one]));
    return rows.map((row) => toBatch(row, totals.get(row.id) ?? noTotals));
  }
}

function toBatch(row: Selectable<Tables["batches"]>, { costUsd, endedAt, ...counts }: Totals): Batch {
  const isRunning = counts.queued + counts.running > 0 || counts.ended === 0;
  return {
    ...dropNulls(row),
    ...{ counts, costUsd, state: isRunning ? "running" : "ended" },
    ...(!isRunning && endedAt !== null && { endedAt }),
  };
}
