import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { Upload } from "../records/upload.ts";
import type { Tables } from "../schema/tables.ts";

/** An upload to record. */
export type NewUpload = Pick<Upload, "userId" | "sha256" | "bytes" | "expiresAt"> & Partial<Pick<Upload, "id">>;

/** The workspaces that were uploaded and may still be used. */
export class UploadTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async create({ id = randomUUID(), userId, sha256, bytes, expiresAt }: NewUpload): Promise<Upload> {
    const row = { id, userId, sha256, bytes, expiresAt };
    return await this.#db.insertInto("uploads").values(row).returningAll().executeTakeFirstOrThrow();
  }

  async get(id: string): Promise<Upload | undefined> {
    return await this.#db.selectFrom("uploads").selectAll().where("id", "=", id).executeTakeFirst();
  }
}
