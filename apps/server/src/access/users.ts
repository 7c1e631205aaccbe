import type { NewUser, Role, User, UserChanges } from "@glovebox/store";
import type { AccessStore } from "./access-store.ts";
import type { Actor, AuditLog } from "./audit-log.ts";
import { HttpError } from "./http-error.ts";
import type { Sessions } from "./sessions.ts";

/** What can be changed of a user. `disabled` ends all sessions; tokens and links of the user are refused while it is set. */
export interface UserChange {
  readonly role?: Role;
  readonly limits?: User["limits"];
  readonly disabled?: boolean;
}

/** The name of the user that the first start creates. */
const adminName = "admin";

/** Adds and changes users. One admin that is not disabled always remains. */
export class Users {
  readonly #store: AccessStore["users"];
  readonly #sessions: Sessions;
  readonly #audit: AuditLog;

  constructor(store: AccessStore["users"], sessions: Sessions, audit: AuditLog) {
    this.#store = store;
    this.#sessions = sessions;
    this.#audit = audit;
  }

  /** Returns the user `admin`, and whether this call has created it: then it is the first start. */
  async ensureAdmin(): Promise<{ readonly admin: User; readonly isNew: boolean }> {
    const existing = await this.#store.byName(adminName);
    if (existing !== undefined) return { admin: existing, isNew: false };
    try {
      return { admin: await this.#store.create({ name: adminName, role: "admin" }), isNew: true };
    } catch (error) {
      // Of several servers that start at once, one creates it.
      const created = await this.#store.byName(adminName);
      if (created === undefined) throw error;
      return { admin: created, isNew: false };
    }
  }

  async list(): Promise<readonly User[]> {
    return await this.#store.list();
  }

  /** Rejects with a 404 if there is none. */
  async get(id: string): Promise<User> {
    const user = await this.#store.get(id);
    if (user === undefined) throw new HttpError(404, "not-found", "There is no such user");
    return user;
  }

  /** Rejects with a 404 if there is none. */
  async byName(name: string): Promise<User> {
    const user = await this.#store.byName(name);
    if (user === undefined) throw new HttpError(404, "not-found", `There is no user ${name}`);
    return user;
  }

  async byOidcSubject(subject: string): Promise<User | undefined> {
    return await this.#store.byOidcSubject(subject);
  }

  /** Rejects with a 409 if the name is taken. */
  async create(actor: Actor, user: NewUser): Promise<User> {
    if ((await this.#store.byName(user.name)) !== undefined) {
      throw new HttpError(409, "conflict", `There is already a user ${user.name}`);
    }
    const created = await this.#store.create(user);
    const { id, name, role, limits } = created;
    await this.#audit.record(actor, { action: "user.create", target: id, detail: { name, role, limits } });
    return created;
  }

  async update(actor: Actor, id: string, { disabled, ...change }: UserChange): Promise<User> {
    const before = await this.get(id);
    const patch: UserChanges = {
      ...change,
      ...(disabled !== undefined && { disabledAt: disabled ? new Date() : null }),
    };
    if (isActiveAdmin(before) && (disabled === true || (change.role ?? "admin") !== "admin"))
      await this.#keepOneAdmin(id);
    const after = await this.#store.update(id, patch);
    if (after === undefined) throw new HttpError(404, "not-found", "There is no such user");
    if (disabled === true) await this.#sessions.endAll(after);
    await this.#audit.record(actor, { action: "user.update", target: id, detail: { ...change, disabled } });
    return after;
  }

  async #keepOneAdmin(id: string): Promise<void> {
    const others = (await this.#store.list()).filter((user) => user.id !== id && isActiveAdmin(user));
    if (others.length === 0) throw new HttpError(409, "conflict", "This is the only admin");
  }
}

function isActiveAdmin({ role, disabledAt }: User): boolean {
  return role === "admin" && disabledAt === undefined;
}
