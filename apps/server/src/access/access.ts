import type { Secret } from "@glovebox/core/provider";
import { FailedKeys } from "@glovebox/e2b-gateway";
import type { MiddlewareHandler } from "hono";
import type { Logger } from "pino";
import type { AccessStore } from "./access-store.ts";
import { AuditLog } from "./audit-log.ts";
import { authenticate } from "./authenticate.ts";
import { Authenticator } from "./authenticator.ts";
import { Logins } from "./logins.ts";
import { HostNames } from "./network/host-names.ts";
import { requestScope } from "./network/request-scope.ts";
import { TrustedProxies } from "./network/trusted-proxies.ts";
import type { AccessEnv } from "./principal.ts";
import { ServerKeys } from "./server-keys.ts";
import { Sessions } from "./sessions.ts";
import { ShareLinks } from "./share-links.ts";
import { Tokens } from "./tokens.ts";
import { Users } from "./users.ts";

export interface AccessOptions {
  readonly store: AccessStore;
  /** The keys of the environment or of the key file: tokens of the user `admin`. */
  readonly keys: readonly Secret[];
  /** The names by which the server may be addressed, beside loopback's. */
  readonly hostNames: readonly string[];
  /** Domains whose subdomains are the server's: those of port previews. */
  readonly domains?: readonly string[];
  /** Addresses and blocks of reverse proxies. */
  readonly trustedProxies: readonly string[];
  readonly logger: Logger;
}

/** Who may do what on a server: its users, tokens, sessions and share links, and the middleware that checks them. */
export class Access {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly links: ShareLinks;
  readonly logins: Logins;
  readonly audit: AuditLog;
  /** For every route, first: identifies the request and refuses other names than the server's. */
  readonly requestScope: MiddlewareHandler<AccessEnv>;
  /** For every route that is not public: sets `principal`. */
  readonly authenticate: MiddlewareHandler<AccessEnv>;
  /** The text of a one-time link, on the first start: it makes the session of the admin. */
  readonly firstLogin: string | undefined;

  private constructor(options: AccessOptions, parts: AccessParts) {
    const { store, logger } = options;
    const { sessions, users, tokens, audit, keys, firstLogin } = parts;
    const authenticator = new Authenticator({ store, keys, sessions });
    this.users = users;
    this.tokens = tokens;
    this.audit = audit;
    this.links = new ShareLinks(store.links, audit);
    this.logins = new Logins({ store, authenticator, sessions, tokens, audit });
    const names = new HostNames(options.hostNames, options.domains);
    this.requestScope = requestScope(names, new TrustedProxies(options.trustedProxies));
    this.authenticate = authenticate(authenticator, new FailedKeys(logger));
    this.firstLogin = firstLogin;
  }

  /** Opens the access of a server, and creates the user `admin` on the first start. */
  static async open(options: AccessOptions): Promise<Access> {
    const { store } = options;
    const audit = new AuditLog(store.audit);
    const sessions = new Sessions(store.sessions);
    const users = new Users(store.users, sessions, audit);
    const tokens = new Tokens(store.tokens, audit);
    const { admin, isNew } = await users.ensureAdmin();
    const firstLogin = isNew ? await tokens.createLogin(admin) : undefined;
    const keys = new ServerKeys(options.keys, admin);
    return new Access(options, { audit, sessions, users, tokens, keys, firstLogin });
  }
}

interface AccessParts {
  readonly audit: AuditLog;
  readonly sessions: Sessions;
  readonly users: Users;
  readonly tokens: Tokens;
  readonly keys: ServerKeys;
  readonly firstLogin: string | undefined;
}
