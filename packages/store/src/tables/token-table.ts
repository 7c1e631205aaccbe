import { randomUUID } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import type { Token } from "../records/token.ts";
import type { Tables } from "../schema/tables.ts";
import { dropNulls } from "./drop-nulls.ts";

/** A token to create. */
export type NewToken = Pick<Token, "userId" | "name" | "prefix" | "hash"> &
  Partial<Pick<Token, "id" | "role" | "expiresAt">>;

/** The tokens of all users. */
export class TokenTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async create({ id = randomUUID(), userId, name, prefix, hash, role, expiresAt }: NewToken): Promise<Token> {
    const row = { id, userId, name, prefix, hash, role: role ?? null, expiresAt: expiresAt ?? null };
    return toToken(await this.#db.insertInto("tokens").values(row).returningAll().executeTakeFirstOrThrow());
  }

  async get(id: string): Promise<Token | undefined> {
    const row = await this.#db.selectFrom("tokens").selectAll().where("id", "=", id).executeTakeFirst();
    return row && toToken(row);
  }

  async byHash(hash: string): Promise<Token | undefined> {
    const row = await this.#db.selectFrom("tokens").selectAll().where("hash", "=", hash).executeTakeFirst();
    return row && toToken(row);
  }

  /** Newest first. */
  async list({ userId }: { readonly userId?: string } = {}): Promise<readonly Token[]> {
    let query = this.#db.selectFrom("tokens").selectAll().orderBy("createdAt", "desc").orderBy("id");
    if (userId !== undefined) query = query.where("userId", "=", userId);
    return (await query.execute()).map(toToken);
  }

  /** Notes that it was used. */
  async touch(id: string, at: Date): Promise<void> {
    await this.#db.updateTable("tokens").set({ lastUsedAt: at }).where("id", "=", id).execute();
  }

  /** True for the one call that revoked it. */
  async revoke(id: string, at: Date): Promise<boolean> {
    const query = this.#db.updateTable("tokens").set({ revokedAt: at }).where("id", "=", id);
    const { numUpdatedRows } = await query.where("revokedAt", "is", null).executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}

function toToken(row: Selectable<Tables["tokens"]>): Token {
  return dropNulls(row);
}
