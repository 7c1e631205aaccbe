import { SandboxError } from "@glovebox/core";
import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Tables } from "../schema/tables.ts";
import type { Channel, Engine, NotificationListener } from "./engine.ts";
import { PostgresListener } from "./postgres-listener.ts";

const connectTimeoutMs = 10_000;
const idleTimeoutMs = 30_000;
const maxConnections = 10;
const int8 = 20;

/** A PostgreSQL server, over a pool of connections and one more that listens. */
export class PostgresEngine implements Engine {
  readonly db: Kysely<Tables>;
  readonly #listener: PostgresListener;

  private constructor(pool: pg.Pool, listener: PostgresListener) {
    this.#listener = listener;
    this.db = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool }),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    });
  }

  /** Throws `unavailable` if the server cannot be reached. */
  static async open(databaseUrl: string): Promise<PostgresEngine> {
    const connection = { connectionString: databaseUrl, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true };
    const pool = new pg.Pool({ ...connection, max: maxConnections, idleTimeoutMillis: idleTimeoutMs, types });
    // A connection that breaks while idle is replaced by the next query.
    pool.on("error", () => {});
    // One that breaks while in use rejects its query, and reports it here, too.
    pool.on("connect", (client) => client.on("error", () => {}));
    try {
      await pool.query("select 1");
    } catch (error) {
      await pool.end();
      throw new SandboxError("unavailable", `PostgreSQL cannot be reached: ${(error as Error).message}`, {
        hint: "Check DATABASE_URL, and that the server accepts connections from here.",
        cause: error,
      });
    }
    return new PostgresEngine(pool, new PostgresListener(connection));
  }

  listen(channel: Channel, listener: NotificationListener): () => void {
    return this.#listener.listen(channel, listener);
  }

  async close(): Promise<void> {
    await this.#listener.close();
    await this.db.destroy();
  }
}

/** Counts and sizes are numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser,
};
