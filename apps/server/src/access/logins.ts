import type { User } from "@glovebox/store";
import type { AccessStore } from "./access-store.ts";
import type { Actor, AuditLog } from "./audit-log.ts";
import type { Authenticator } from "./authenticator.ts";
import { HttpError } from "./http-error.ts";
import { LoginLimits } from "./login-limits.ts";
import type { Principal } from "./principal.ts";
import { isSecretText } from "./secret-text.ts";
import type { IssuedSession, Sessions } from "./sessions.ts";
import type { Tokens } from "./tokens.ts";

/** What a user logs in with: the text of a one-time link, or a token. */
export type LoginSecret = { readonly code: string } | { readonly token: string };

/** A login that worked. */
export interface Login extends IssuedSession {
  readonly user: User;
}

export interface LoginsOptions {
  readonly store: AccessStore;
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly audit: AuditLog;
}

const accountLength = 10;

/** Turns secrets into sessions of a browser. */
export class Logins {
  readonly #options: LoginsOptions;
  readonly #limits = new LoginLimits();

  constructor(options: LoginsOptions) {
    this.#options = options;
  }

  /**
   * Begins a session with a one-time code or a token. Rejects with a 401 for a wrong one, a 403 for a token that may do less
   * than its user, because a session may do what the user may, and a 429 after too many failures.
   */
  async begin(actor: Actor, secret: LoginSecret): Promise<Login> {
    const text = "code" in secret ? secret.code : secret.token;
    const account = text.slice(0, accountLength);
    this.#limits.check(actor.address, account);
    const user = "code" in secret ? await this.#userOfCode(text) : await this.#userOfToken(text);
    if (user === undefined) {
      this.#limits.addFailure(actor.address, account);
      await this.#options.audit.record(actor, { action: "session.refuse" });
      throw new HttpError(401, "authentication", "The link or token is wrong, expired or used");
    }
    return await this.beginFor(actor, user, "code" in secret ? "one-time link" : "token");
  }

  /** Begins a session of a user whom another check has identified, named by `method`. */
  async beginFor(actor: Actor, user: User, method: string): Promise<Login> {
    const issued = await this.#options.sessions.create(user);
    await this.#options.audit.record({ ...actor, user }, { action: "session.create", detail: { method } });
    return { ...issued, user };
  }

  /** Ends the principal's session. */
  async end(principal: Principal): Promise<void> {
    if (principal.session === undefined) return;
    await this.#options.sessions.end(principal.session);
    await this.#options.audit.record(principal, { action: "session.end" });
  }

  async #userOfCode(text: string): Promise<User | undefined> {
    const { store, tokens } = this.#options;
    const userId = await tokens.useLogin(text);
    const user = userId === undefined ? undefined : await store.users.get(userId);
    return user?.disabledAt === undefined ? user : undefined;
  }

  async #userOfToken(text: string): Promise<User | undefined> {
    if (isSecretText("link", text)) return undefined;
    const identity = await this.#options.authenticator.ofBearer(text);
    if (identity !== undefined && identity.role !== identity.user.role) {
      throw new HttpError(403, "forbidden", "This token may do less than its user, so it cannot log in");
    }
    return identity?.user;
  }
}
