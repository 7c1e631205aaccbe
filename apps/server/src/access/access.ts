import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Secret } from "@glovebox/core/provider";
import { FailedKeys } from "@glovebox/e2b-gateway";
import type { MiddlewareHandler } from "hono";
import type { Logger } from "pino";
import type { AccessSettings } from "./access-settings.ts";
import type { AccessStore } from "./access-store.ts";
import { AuditLog } from "./audit-log.ts";
import { authenticate } from "./authenticate.ts";
import { Authenticator } from "./authenticator.ts";
import { Logins } from "./logins.ts";
import { type Client, clientOf } from "./network/client-of.ts";
import { HostNames } from "./network/host-names.ts";
import { requestScope } from "./network/request-scope.ts";
import { TrustedProxies } from "./network/trusted-proxies.ts";
import { OidcLogin } from "./oidc/oidc-login.ts";
import { PreviewOrigin } from "./previews/preview-origin.ts";
import { Previews } from "./previews/previews.ts";
import type { AccessEnv } from "./principal.ts";
import { ServerKeys } from "./server-keys.ts";
import { Sessions } from "./sessions.ts";
import { ShareLinks } from "./share-links.ts";
import { Tokens } from "./tokens.ts";
import { Users } from "./users.ts";

/** The variable with the secret that the OpenID provider has given the server. */
export const oidcSecretVariable = "GLOVEBOX_SERVER_OIDC_SECRET";

export interface AccessOptions {
  readonly store: AccessStore;
  readonly settings: AccessSettings;
  /** The address that the server listens on. */
  readonly host: string;
  /** The keys of the environment or of the key file: tokens of the user `admin`. */
  readonly keys: readonly Secret[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
}

/** Who may do what on a server: its users, tokens, sessions, links and previews, and the middleware that checks them. */
export class Access {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly links: ShareLinks;
  readonly logins: Logins;
  readonly audit: AuditLog;
  readonly authenticator: Authenticator;
  /** Absent where no domain for previews is known. */
  readonly previews: Previews | undefined;
  /** Absent where no OpenID provider is configured. */
  readonly oidc: OidcLogin | undefined;
  /** For every route, first: identifies the request and refuses other names than the server's. */
  readonly requestScope: MiddlewareHandler<AccessEnv>;
  /** For every route that is not public: sets `principal`. */
  readonly authenticate: MiddlewareHandler<AccessEnv>;
  /** The text of a one-time link, on the first start: it makes the session of the admin. */
  readonly firstLogin: string | undefined;
  readonly #proxies: TrustedProxies;

  private constructor(options: AccessOptions, parts: AccessParts) {
    const { store, settings, logger, host, env } = options;
    const { sessions, users, tokens, audit, keys } = parts;
    const authenticator = new Authenticator({ store, keys, sessions });
    this.authenticator = authenticator;
    this.users = users;
    this.tokens = tokens;
    this.audit = audit;
    this.links = new ShareLinks(store.links, audit);
    this.logins = new Logins({ store, authenticator, sessions, tokens, audit });
    this.firstLogin = parts.firstLogin;
    this.previews = previewsOf(options, parts);
    this.oidc =
      settings.oidc &&
      new OidcLogin({
        settings: settings.oidc,
        clientSecret: secretOf(env),
        publicUrl: settings.publicUrl,
        users,
        logins: this.logins,
      });
    this.#proxies = new TrustedProxies(settings.trustedProxies);
    this.requestScope = requestScope(new HostNames([host, ...settings.allowedHosts]), this.#proxies);
    this.authenticate = authenticate(authenticator, new FailedKeys(logger));
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
    const previewKey = await store.secrets.getOrCreate("preview-key", () => randomBytes(32).toString("base64url"));
    return new Access(options, { audit, sessions, users, tokens, keys, firstLogin, previewKey });
  }

  /** The client of a request that reaches no route: one of a preview, of E2B's protocol, or an upgrade. */
  clientOf(request: IncomingMessage): Client {
    return clientOf(request, this.#proxies);
  }
}

interface AccessParts {
  readonly audit: AuditLog;
  readonly sessions: Sessions;
  readonly users: Users;
  readonly tokens: Tokens;
  readonly keys: ServerKeys;
  readonly firstLogin: string | undefined;
  readonly previewKey: string;
}

function previewsOf({ store, settings }: AccessOptions, { audit, previewKey }: AccessParts): Previews | undefined {
  if (settings.previewDomain === undefined) return undefined;
  return new Previews({ store, audit, origin: new PreviewOrigin(settings.previewDomain), key: previewKey });
}

function secretOf(env: AccessOptions["env"]): Secret | undefined {
  const value = env[oidcSecretVariable];
  return value === undefined || value === "" ? undefined : new Secret(oidcSecretVariable, value);
}
