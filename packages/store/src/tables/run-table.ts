import type { RunResult } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { type Insertable, type Kysely, type Selectable, sql } from "kysely";
import { notify } from "../engine/notify.ts";
import type { Page, PageOptions } from "../records/page.ts";
import type { JsonObject, NewRun, Run } from "../records/run.ts";
import type { Tables } from "../schema/tables.ts";
import { pageLimit, pageOf, readCursor } from "./cursor.ts";
import { dropNulls } from "./drop-nulls.ts";
import { filterRuns, type RunFilter } from "./run-filter.ts";

/** What core's result of a run is without its files: those are in its manifest. */
export type StoredResult = Omit<RunResult, "files">;

/** What a run used of one model. */
export interface ModelUsage {
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** In US dollars. Absent where nobody knows. */
  readonly costUsd?: number;
}

/** The runs of all users. What changes them while they are carried is in `RunQueue`. */
export class RunTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Queues a run. */
  async create(run: NewRun): Promise<Run> {
    const [created] = await this.createAll([run]);
    if (created === undefined) throw new InvalidOptionsError("There is no run to create");
    return created;
  }

  /** Queues several runs, or none of them if one of them cannot be. */
  async createAll(runs: readonly NewRun[]): Promise<readonly Run[]> {
    if (runs.length === 0) return [];
    const rows = await this.#db.transaction().execute(async (transaction) => {
      const inserted = await transaction.insertInto("runs").values(runs.map(toRow)).returningAll().execute();
      await notify(transaction, "jobs", "");
      return inserted;
    });
    return await this.#placed(rows.map(toRun));
  }

  async get(id: string): Promise<Run | undefined> {
    const row = await this.#db.selectFrom("runs").selectAll().where("id", "=", id).executeTakeFirst();
    return row && (await this.#placed([toRun(row)]))[0];
  }

  /** Newest first. */
  async list(filter: RunFilter = {}, page: PageOptions = {}): Promise<Page<Run>> {
    const [limit, cursor] = [pageLimit(page), readCursor(page)];
    let query = filterRuns(this.#db.selectFrom("runs"), filter).selectAll();
    if (cursor !== undefined) query = query.where(sql<boolean>`(created_at, id) < (${cursor.at}, ${cursor.id})`);
    const rows = await query
      .orderBy("createdAt", "desc")
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
    const found = pageOf(rows.map(toRun), limit, ({ createdAt, id }) => ({ at: createdAt, id }));
    return { ...found, items: await this.#placed(found.items) };
  }

  /** How many runs are in each state: for metrics. */
  async counts(): Promise<Readonly<Record<Run["state"], number>>> {
    const rows = await this.#db
      .selectFrom("runs")
      .select(({ fn }) => ["state", fn.countAll<number>().as("count")] as const)
      .groupBy("state")
      .execute();
    return { queued: 0, running: 0, ended: 0, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
  }

  /** What the run came to; `undefined` before it has ended, and for one that no worker ever started. */
  async result(id: string): Promise<StoredResult | undefined> {
    const query = this.#db.selectFrom("runDetails").select("result").where("runId", "=", id);
    // Only `RunQueue.end` writes it.
    return ((await query.executeTakeFirst())?.result ?? undefined) as StoredResult | undefined;
  }

  /** Core's record of the run, by which another worker recovers it. */
  async record(id: string): Promise<JsonObject | undefined> {
    const query = this.#db.selectFrom("runDetails").select("record").where("runId", "=", id);
    return (await query.executeTakeFirst())?.record ?? undefined;
  }

  /** What it used of each model; known once it has ended. */
  async usage(id: string): Promise<readonly ModelUsage[]> {
    const rows = await this.#db.selectFrom("runUsage").selectAll().where("runId", "=", id).orderBy("model").execute();
    return rows.map(({ runId: _, ...usage }) => dropNulls(usage));
  }

  /** Deletes a run that has ended, and everything that is stored of it. False if there is none. Throws `invalid-options` before its end. */
  async remove(id: string): Promise<boolean> {
    const deleted = this.#db.deleteFrom("runs").where("id", "=", id).where("state", "=", "ended");
    if ((await deleted.executeTakeFirst()).numDeletedRows === 1n) return true;
    if ((await this.get(id)) === undefined) return false;
    throw new InvalidOptionsError(`The run ${id} has not ended`, { hint: "Stop it first." });
  }

  async #placed(runs: readonly Run[]): Promise<readonly Run[]> {
    const queued = runs.filter(({ state }) => state === "queued").map(({ id }) => id);
    if (queued.length === 0) return runs;
    const order = sql<number>`row_number() over (order by priority desc, created_at, id)`.as("place");
    const inQueue = this.#db.selectFrom("runs").select(["id", order]).where("state", "=", "queued");
    const rows = await this.#db.selectFrom(inQueue.as("queue")).selectAll().where("id", "in", queued).execute();
    const places = new Map(rows.map(({ id, place }) => [id, place]));
    return runs.map((run) => {
      const place = places.get(run.id);
      return place === undefined ? run : { ...run, place };
    });
  }
}

function toRow({ request, labels = {}, priority = 0, ...columns }: NewRun): Insertable<Tables["runs"]> {
  return { ...columns, priority, request: JSON.stringify(request), labels: JSON.stringify(labels) };
}

/** Returns a row of the table as a run. */
export function toRun(row: Selectable<Tables["runs"]>): Run {
  return dropNulls(row);
}
