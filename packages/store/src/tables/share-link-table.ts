import { randomUUID } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import type { ShareLink } from "../records/share-link.ts";
import type { Tables } from "../schema/tables.ts";
import { dropNulls } from "./drop-nulls.ts";

/** A link to create. */
export type NewShareLink = Pick<ShareLink, "runId" | "secretHash" | "createdBy" | "expiresAt"> &
  Partial<Pick<ShareLink, "id">>;

/** The links that show a run to whoever has them. */
export class ShareLinkTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async create({ id = randomUUID(), runId, secretHash, createdBy, expiresAt }: NewShareLink): Promise<ShareLink> {
    const row = { id, runId, secretHash, createdBy, expiresAt };
    return toLink(await this.#db.insertInto("shareLinks").values(row).returningAll().executeTakeFirstOrThrow());
  }

  async get(id: string): Promise<ShareLink | undefined> {
    const row = await this.#db.selectFrom("shareLinks").selectAll().where("id", "=", id).executeTakeFirst();
    return row && toLink(row);
  }

  async bySecretHash(secretHash: string): Promise<ShareLink | undefined> {
    const query = this.#db.selectFrom("shareLinks").selectAll().where("secretHash", "=", secretHash);
    const row = await query.executeTakeFirst();
    return row && toLink(row);
  }

  /** Of one run, newest first. */
  async list(runId: string): Promise<readonly ShareLink[]> {
    const query = this.#db.selectFrom("shareLinks").selectAll().where("runId", "=", runId);
    return (await query.orderBy("createdAt", "desc").orderBy("id").execute()).map(toLink);
  }

  /** True for the one call that revoked it. */
  async revoke(id: string, at: Date): Promise<boolean> {
    const query = this.#db.updateTable("shareLinks").set({ revokedAt: at }).where("id", "=", id);
    const { numUpdatedRows } = await query.where("revokedAt", "is", null).executeTakeFirst();
    return numUpdatedRows === 1n;
  }
}

function toLink(row: Selectable<Tables["shareLinks"]>): ShareLink {
  return dropNulls(row);
}
