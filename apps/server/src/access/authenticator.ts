import type { Token, User } from "@glovebox/store";
import type { AccessStore } from "./access-store.ts";
import type { Principal } from "./principal.ts";
import { narrowerRole } from "./roles.ts";
import { hashSecret, isSecretText } from "./secret-text.ts";
import type { ServerKeys } from "./server-keys.ts";
import type { Sessions } from "./sessions.ts";

/** A principal as far as its secret defines it. */
export type Identity = Omit<Principal, "requestId" | "address">;

/** Use of a token is recorded no more often than this. */
const touchMs = 60_000;

export interface AuthenticatorOptions {
  readonly store: AccessStore;
  readonly keys: ServerKeys;
  readonly sessions: Sessions;
}

/** Finds out whose a token, a share link or a session is. */
export class Authenticator {
  readonly #store: AccessStore;
  readonly #keys: ServerKeys;
  readonly #sessions: Sessions;

  constructor({ store, keys, sessions }: AuthenticatorOptions) {
    this.#store = store;
    this.#keys = keys;
    this.#sessions = sessions;
  }

  /** The identity of a token or a share link. Undefined if it is wrong, expired or revoked, or its user is disabled. */
  async ofBearer(text: string): Promise<Identity | undefined> {
    return isSecretText("link", text) ? await this.#ofLink(text) : await this.#ofToken(text);
  }

  /** The identity of a session's cookie, with the text of a new cookie where the old one is due for replacement. */
  async ofCookie(text: string): Promise<{ readonly identity: Identity; readonly replacement?: string } | undefined> {
    const found = await this.#sessions.find(text);
    const user = found && (await this.#activeUser(found.session.userId));
    if (found === undefined || user === undefined) return undefined;
    const { session, replacement } = found;
    return { identity: { user, session, role: user.role }, ...(replacement !== undefined && { replacement }) };
  }

  async #ofToken(text: string): Promise<Identity | undefined> {
    const hash = hashSecret(text);
    const token = this.#keys.byHash(hash) ?? (isSecretText("token", text) ? await this.#storedToken(hash) : undefined);
    const user = token && (await this.#activeUser(token.userId));
    if (token === undefined || user === undefined) return undefined;
    return { user, token, role: narrowerRole(user.role, token.role) };
  }

  async #storedToken(hash: string): Promise<Token | undefined> {
    const token = await this.#store.tokens.byHash(hash);
    if (token === undefined || !isValid(token)) return undefined;
    const now = new Date();
    if (now.getTime() - (token.lastUsedAt?.getTime() ?? 0) >= touchMs) await this.#store.tokens.touch(token.id, now);
    return token;
  }

  async #ofLink(text: string): Promise<Identity | undefined> {
    const link = await this.#store.links.bySecretHash(hashSecret(text));
    if (link === undefined || !isValid(link)) return undefined;
    const user = await this.#activeUser(link.createdBy);
    return user && { user, link, role: "viewer" };
  }

  async #activeUser(id: string): Promise<User | undefined> {
    const user = await this.#store.users.get(id);
    return user?.disabledAt === undefined ? user : undefined;
  }
}

/** Whether a token or a link is neither expired nor revoked. */
function isValid({ expiresAt, revokedAt }: { readonly expiresAt?: Date; readonly revokedAt?: Date }): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt > new Date());
}
