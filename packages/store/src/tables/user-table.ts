import { randomUUID } from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import type { User } from "../records/user.ts";
import type { Tables } from "../schema/tables.ts";
import { dropNulls } from "./drop-nulls.ts";

/** A user to create. */
export type NewUser = Pick<User, "name" | "role"> & Partial<Pick<User, "id" | "limits" | "oidcSubject">>;

/** What of a user can be changed. `null` takes the value away. */
export interface UserChanges {
  readonly role?: User["role"];
  readonly limits?: User["limits"];
  readonly oidcSubject?: string | null;
  readonly disabledAt?: Date | null;
}

/** The users of a server. */
export class UserTable {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async create({ id = randomUUID(), name, role, limits = {}, oidcSubject }: NewUser): Promise<User> {
    const row = { id, name, role, limits: JSON.stringify(limits), oidcSubject: oidcSubject ?? null };
    return toUser(await this.#db.insertInto("users").values(row).returningAll().executeTakeFirstOrThrow());
  }

  async get(id: string): Promise<User | undefined> {
    return this.#find("id", id);
  }

  async byName(name: string): Promise<User | undefined> {
    return this.#find("name", name);
  }

  async byOidcSubject(subject: string): Promise<User | undefined> {
    return this.#find("oidcSubject", subject);
  }

  /** By name. */
  async list(): Promise<readonly User[]> {
    return (await this.#db.selectFrom("users").selectAll().orderBy("name").execute()).map(toUser);
  }

  /** Returns the changed user; `undefined` if there is none. */
  async update(id: string, { limits, ...changes }: UserChanges): Promise<User | undefined> {
    const set = { ...changes, ...(limits === undefined ? {} : { limits: JSON.stringify(limits) }) };
    if (Object.keys(set).length === 0) return await this.get(id);
    const row = await this.#db.updateTable("users").set(set).where("id", "=", id).returningAll().executeTakeFirst();
    return row && toUser(row);
  }

  async #find(column: "id" | "name" | "oidcSubject", value: string): Promise<User | undefined> {
    const row = await this.#db.selectFrom("users").selectAll().where(column, "=", value).executeTakeFirst();
    return row && toUser(row);
  }
}

function toUser(row: Selectable<Tables["users"]>): User {
  return dropNulls(row);
}
