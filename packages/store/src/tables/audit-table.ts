import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { AuditEntry } from "../records/audit-entry.ts";
import type { Page, PageOptions } from "../records/page.ts";
import type { Tables } from "../schema/tables.ts";
import { pageLimit, pageOf, readCursor } from "./cursor.ts";
import { dropNulls } from "./drop-nulls.ts";

/** Which entries. Absent: any. */
export interface AuditFilter {
  readonly userId?: string;
  readonly action?: string;
  readonly target?: string;
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
}

/** The log of what was changed, by whom. Nothing in it is ever changed. */
export class AuditTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async append(entry: Omit<AuditEntry, "id" | "at"> & Partial<Pick<AuditEntry, "at">>): Promise<void> {
    const { detail, ...columns } = entry;
    await this.#db
      .insertInto("auditEntries")
      .values({ ...columns, id: randomUUID(), detail: JSON.stringify(detail) })
      .execute();
  }

  /** Newest first. */
  async list(filter: AuditFilter = {}, page: PageOptions = {}): Promise<Page<AuditEntry>> {
    const { userId, action, target, from, to } = filter;
    const [limit, cursor] = [pageLimit(page), readCursor(page)];
    let query = this.#db.selectFrom("auditEntries").selectAll().orderBy("at", "desc").orderBy("id", "desc");
    if (userId !== undefined) query = query.where("userId", "=", userId);
    if (action !== undefined) query = query.where("action", "=", action);
    if (target !== undefined) query = query.where("target", "=", target);
    if (from !== undefined) query = query.where("at", ">=", from);
    if (to !== undefined) query = query.where("at", "<", to);
    if (cursor !== undefined) query = query.where(sql<boolean>`(at, id) < (${cursor.at}, ${cursor.id})`);
    const rows = await query.limit(limit + 1).execute();
    return pageOf(
      rows.map((row): AuditEntry => dropNulls(row)),
      limit,
      ({ at, id }) => ({ at, id }),
    );
  }
}
