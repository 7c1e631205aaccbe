import { PGlite } from "@electric-sql/pglite";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { DirectoryLock } from "@glovebox/core/state";
import { CamelCasePlugin, Kysely, PGliteDialect } from "kysely";
import type { Tables } from "../schema/tables.ts";
import { type Channel, channelName, channels, type Engine, type NotificationListener } from "./engine.ts";
import { Listeners } from "./listeners.ts";

/** PostgreSQL in this process, with its files in a directory that only this process opens. */
export class PgliteEngine implements Engine {
  readonly db: Kysely<Tables>;
  readonly #pglite: PGlite;
  readonly #lock: DirectoryLock;
  readonly #listeners = new Listeners();

  private constructor(pglite: PGlite, lock: DirectoryLock) {
    this.#pglite = pglite;
    this.#lock = lock;
    this.db = new Kysely<Tables>({
      dialect: new PGliteDialect({ pglite }),
      plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
    });
  }

  /** Throws `invalid-options` if another process has the directory open. */
  static async open(directory: string): Promise<PgliteEngine> {
    const lock = DirectoryLock.tryAcquire(directory);
    if (lock === undefined) {
      throw new InvalidOptionsError(`Another process has the database in ${directory} open`, {
        hint: "Stop the other server, choose another --state-dir, or use PostgreSQL (DATABASE_URL) for several servers.",
      });
    }
    try {
      const pglite = await PGlite.create({ dataDir: `${directory}/pglite` });
      const engine = new PgliteEngine(pglite, lock);
      for (const channel of channels) {
        await pglite.listen(channelName(channel), (payload) => engine.#listeners.notify(channel, payload));
      }
      return engine;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  listen(channel: Channel, listener: NotificationListener): () => void {
    return this.#listeners.add(channel, listener);
  }

  async close(): Promise<void> {
    try {
      // Kysely closes PGlite only after a first query.
      if (!this.#pglite.closed) await this.#pglite.close();
    } finally {
      this.#lock.release();
    }
  }
}
