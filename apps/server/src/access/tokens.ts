import type { Role, Token, User } from "@glovebox/store";
import type { AccessStore } from "./access-store.ts";
import type { Actor, AuditLog } from "./audit-log.ts";
import { HttpError } from "./http-error.ts";
import type { Principal } from "./principal.ts";
import { includesRole } from "./roles.ts";
import { createSecretText, hashSecret, isSecretText, shownPrefix } from "./secret-text.ts";

/** A token to create. */
export interface NewToken {
  readonly name: string;
  /** At most the creator's own role. Default: the role of the user. */
  readonly role?: Role;
  /** Default: it does not expire. */
  readonly expiresAt?: Date;
}

/** A token with its text, which is in no store: this is the only time that it can be read. */
export interface CreatedToken {
  readonly token: Token;
  readonly text: string;
}

const loginName = "one-time login";
const loginMs = 3_600_000;

/** Creates, lists and revokes tokens. */
export class Tokens {
  readonly #store: AccessStore["tokens"];
  readonly #audit: AuditLog;

  constructor(store: AccessStore["tokens"], audit: AuditLog) {
    this.#store = store;
    this.#audit = audit;
  }

  /** A token of the principal's own user. A token creates none that may do more than it. */
  async create(principal: Principal, token: NewToken): Promise<CreatedToken> {
    const role = token.role ?? principal.token?.role;
    if (role !== undefined && !includesRole(principal.role, role)) {
      throw new HttpError(403, "forbidden", `A ${principal.role} cannot create a token with the role ${role}`);
    }
    return await this.createFor(principal, principal.user, role === undefined ? token : { ...token, role });
  }

  /** A token of any user, for the owner of the machine. */
  async createFor(actor: Actor, user: User, token: NewToken): Promise<CreatedToken> {
    if (token.expiresAt !== undefined && token.expiresAt <= new Date()) {
      throw new HttpError(400, "invalid-options", "expiresAt is in the past");
    }
    const created = await this.#issue("token", user, token);
    const { id, name, prefix, role, expiresAt } = created.token;
    await this.#audit.record(actor, {
      action: "token.create",
      target: id,
      detail: { name, prefix, role, expiresAt, user: user.name },
    });
    return created;
  }

  /** A text that makes one session of a user's, within an hour. */
  async createLogin(user: User): Promise<string> {
    const expiresAt = new Date(Date.now() + loginMs);
    return (await this.#issue("login", user, { name: loginName, expiresAt })).text;
  }

  /** Uses such a text up. Returns the user's id, to one caller only. */
  async useLogin(text: string): Promise<string | undefined> {
    if (!isSecretText("login", text)) return undefined;
    const login = await this.#store.byHash(hashSecret(text));
    const now = new Date();
    if (login?.expiresAt === undefined || login.expiresAt <= now) return undefined;
    return (await this.#store.revoke(login.id, now)) ? login.userId : undefined;
  }

  /** The tokens of a user, or of all. */
  async list(user?: Pick<User, "id">): Promise<readonly Token[]> {
    const tokens = await this.#store.list(user === undefined ? {} : { userId: user.id });
    return tokens.filter(({ name, prefix }) => !(name === loginName && prefix.startsWith("glo_")));
  }

  /** Revokes a token of the principal's own, or an admin any. Others are answered as if there were none. */
  async revoke(principal: Principal, id: string): Promise<void> {
    const token = await this.#store.get(id);
    if (token === undefined || !(principal.role === "admin" || token.userId === principal.user.id)) throw notFound();
    await this.revokeById(principal, id);
  }

  /** Revokes any token, for the owner of the machine. */
  async revokeById(actor: Actor, id: string): Promise<void> {
    const token = await this.#store.get(id);
    if (token === undefined) throw notFound();
    if (!(await this.#store.revoke(id, new Date()))) return;
    await this.#audit.record(actor, {
      action: "token.revoke",
      target: id,
      detail: { name: token.name, prefix: token.prefix },
    });
  }

  async #issue(kind: "token" | "login", user: User, { name, role, expiresAt }: NewToken): Promise<CreatedToken> {
    const text = createSecretText(kind);
    const token = await this.#store.create({
      userId: user.id,
      name,
      prefix: shownPrefix(text),
      hash: hashSecret(text),
      ...(role !== undefined && { role }),
      ...(expiresAt !== undefined && { expiresAt }),
    });
    return { token, text };
  }
}

function notFound(): HttpError {
  return new HttpError(404, "not-found", "There is no such token");
}
