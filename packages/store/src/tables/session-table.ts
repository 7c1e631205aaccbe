import type { Kysely } from "kysely";
import type { Session } from "../records/session.ts";
import type { Tables } from "../schema/tables.ts";

/** The sessions of browsers. */
export class SessionTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async create(session: Session): Promise<void> {
    await this.#db.insertInto("sessions").values(session).execute();
  }

  async get(idHash: string): Promise<Session | undefined> {
    return await this.#db.selectFrom("sessions").selectAll().where("idHash", "=", idHash).executeTakeFirst();
  }

  async touch(idHash: string, at: Date): Promise<void> {
    await this.#db.updateTable("sessions").set({ lastSeenAt: at }).where("idHash", "=", idHash).execute();
  }

  /** Lets it expire earlier, never later. */
  async shorten(idHash: string, expiresAt: Date): Promise<void> {
    const query = this.#db.updateTable("sessions").set({ expiresAt }).where("idHash", "=", idHash);
    await query.where("expiresAt", ">", expiresAt).execute();
  }

  /** True if there was one. */
  async delete(idHash: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db.deleteFrom("sessions").where("idHash", "=", idHash).executeTakeFirst();
    return numDeletedRows === 1n;
  }

  async deleteOfUser(userId: string): Promise<void> {
    await this.#db.deleteFrom("sessions").where("userId", "=", userId).execute();
  }

  /** Deletes those that have expired, and those that were last used before `idleSince`. */
  async deleteExpired(now: Date, idleSince: Date): Promise<void> {
    await this.#db
      .deleteFrom("sessions")
      .where((where) => where.or([where("expiresAt", "<=", now), where("lastSeenAt", "<", idleSince)]))
      .execute();
  }
}
