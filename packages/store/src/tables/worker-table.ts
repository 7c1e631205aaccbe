import { type Kysely, sql } from "kysely";
import type { Worker } from "../records/worker.ts";
import type { Tables } from "../schema/tables.ts";

/** The processes that carry runs. */
export class WorkerTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Records a worker that has started; one of the same id is replaced. */
  async register({
    id,
    host,
    providers,
    capacity,
  }: Pick<Worker, "id" | "host" | "providers" | "capacity">): Promise<void> {
    const started = { host, providers: JSON.stringify(providers), capacity };
    const now = sql<Date>`now()`;
    await this.#db
      .insertInto("workers")
      .values({ id, ...started })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ ...started, startedAt: now, lastSeenAt: now }))
      .execute();
  }

  async remove(id: string): Promise<void> {
    await this.#db.deleteFrom("workers").where("id", "=", id).execute();
  }

  /** Those that were heard of since a time, by host. */
  async list({ seenSince }: { readonly seenSince?: Date } = {}): Promise<readonly Worker[]> {
    let query = this.#db
      .selectFrom("workers")
      .selectAll()
      .select(({ selectFrom }) =>
        selectFrom("runs")
          .select(({ fn }) => fn.countAll<number>().as("count"))
          .whereRef("runs.workerId", "=", "workers.id")
          .where("state", "=", "running")
          .as("running"),
      )
      .orderBy("host")
      .orderBy("id");
    if (seenSince !== undefined) query = query.where("lastSeenAt", ">=", seenSince);
    return (await query.execute()).map(({ running, ...worker }) => ({ ...worker, running: running ?? 0 }));
  }
}
