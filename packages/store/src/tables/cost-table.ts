import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Tables } from "../schema/tables.ts";

/** What costs are grouped by. `day` is in UTC. */
export type CostGroup = "day" | "user" | "model" | "harness";

/** What the runs of one group cost. */
export interface CostRow {
  /** `2026-12-01`, the id of a user, or the name of a model or a harness. */
  readonly key: string;
  readonly runs: number;
  /** In US dollars. */
  readonly costUsd: number;
  /** Input and output. */
  readonly tokens: number;
}

/** Which runs: those that started in a time. */
export interface CostFilter {
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
  readonly userId?: string;
}

const keys: Readonly<Record<CostGroup, RawBuilder<unknown>>> = {
  day: sql`to_char(runs.started_at at time zone 'utc', 'YYYY-MM-DD')`,
  user: sql`runs.user_id`,
  harness: sql`runs.harness`,
  model: sql`run_usage.model`,
};

/** What runs cost. */
export class CostTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** By day: the oldest first; else the most expensive first. By model: of runs that have ended. */
  async by(group: CostGroup, { from, to, userId }: CostFilter = {}): Promise<readonly CostRow[]> {
    const conditions = [sql`runs.started_at is not null`];
    if (from !== undefined) conditions.push(sql`runs.started_at >= ${from}`);
    if (to !== undefined) conditions.push(sql`runs.started_at < ${to}`);
    if (userId !== undefined) conditions.push(sql`runs.user_id = ${userId}`);
    const isByModel = group === "model";
    const { rows } = await sql<CostRow>`
      select ${keys[group]} as key, count(distinct runs.id)::integer as runs,
        coalesce(sum(${isByModel ? sql`run_usage.cost_usd` : sql`runs.cost_usd`}), 0) as cost_usd,
        coalesce(sum(${isByModel ? sql`run_usage.input + run_usage.output` : tokensOfRun}), 0)::double precision as tokens
      from runs ${isByModel ? sql`join run_usage on run_usage.run_id = runs.id` : sql``}
      where ${sql.join(conditions, sql` and `)}
      group by 1 order by ${group === "day" ? sql`1` : sql`3 desc, 1`}
    `.execute(this.#db);
    return rows;
  }
}

const tokensOfRun = sql`(runs.tokens->>'input')::bigint + (runs.tokens->>'output')::bigint`;
