import { type Kysely, sql } from "kysely";
import type { IdempotencyRecord } from "../records/idempotency-record.ts";
import type { Tables } from "../schema/tables.ts";
import { dropNulls } from "./drop-nulls.ts";

/** The responses to requests with an `Idempotency-Key`: each key is served once. */
export class IdempotencyTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /**
   * Reserves a key for this request: `undefined` for the one request that got it, which has to `complete` or `release` it. Otherwise what
   * the key was used for; without a `status` that request is still being served.
   */
  async reserve(
    request: Pick<IdempotencyRecord, "userId" | "key" | "requestHash" | "expiresAt">,
  ): Promise<IdempotencyRecord | undefined> {
    const { userId, key } = request;
    const inserted = await this.#db
      .insertInto("idempotencyRecords")
      .values(request)
      .onConflict((conflict) =>
        conflict
          .columns(["userId", "key"])
          .doUpdateSet({ requestHash: request.requestHash, expiresAt: request.expiresAt, status: null, body: null })
          .where("idempotencyRecords.expiresAt", "<=", sql<Date>`now()`),
      )
      .returning("key")
      .executeTakeFirst();
    if (inserted !== undefined) return undefined;
    const query = this.#db.selectFrom("idempotencyRecords").selectAll().where("userId", "=", userId);
    return dropNulls(await query.where("key", "=", key).executeTakeFirstOrThrow());
  }

  /** Records the response, which is kept until `expiresAt`. */
  async complete({ userId, key, status, body, expiresAt }: Required<Omit<IdempotencyRecord, "requestHash">>) {
    await this.#db
      .updateTable("idempotencyRecords")
      .set({ status, body: JSON.stringify(body), expiresAt })
      .where("userId", "=", userId)
      .where("key", "=", key)
      .execute();
  }

  /** Frees the key of a request that failed: it may be sent again. */
  async release(userId: string, key: string): Promise<void> {
    await this.#db
      .deleteFrom("idempotencyRecords")
      .where("userId", "=", userId)
      .where("key", "=", key)
      .where("status", "is", null)
      .execute();
  }
}
