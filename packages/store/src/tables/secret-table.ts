import type { Kysely } from "kysely";
import type { Tables } from "../schema/tables.ts";

/** Keys that all servers of a database share. */
export class SecretTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Returns the secret of a name: the one that was stored first, whoever asks. */
  async getOrCreate(name: string, create: () => string): Promise<string> {
    const row = { name, value: create() };
    await this.#db
      .insertInto("secrets")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const found = this.#db.selectFrom("secrets").select("value").where("name", "=", name);
    return (await found.executeTakeFirstOrThrow()).value;
  }
}
