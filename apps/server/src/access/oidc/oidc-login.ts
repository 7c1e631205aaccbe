import type { Secret } from "@glovebox/core/provider";
import { dropUndefined } from "@glovebox/core/provider";
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { z } from "zod";
import type { OidcSettings } from "../access-settings.ts";
import { HttpError } from "../http-error.ts";
import type { Login, Logins } from "../logins.ts";
import { isLoopback } from "../network/is-loopback.ts";
import type { AccessEnv } from "../principal.ts";
import type { Users } from "../users.ts";
import { userOfIdentity } from "./oidc-users.ts";
import { roleOfClaims } from "./role-of-claims.ts";

export interface OidcLoginOptions {
  readonly settings: OidcSettings;
  readonly clientSecret: Secret | undefined;
  /** The server's address for its users. Absent: the one that the request was sent to. */
  readonly publicUrl: string | undefined;
  readonly users: Users;
  readonly logins: Logins;
}

/** What the browser keeps while the user is at the identity provider. */
const pendingSchema = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });

const callbackPath = "/v1/session/oidc/callback";
const pendingSeconds = 600;
const timeoutSeconds = 10;

/** Login by an OpenID provider: the code flow with PKCE, a state and a nonce. */
export class OidcLogin {
  readonly #options: OidcLoginOptions;
  #configuration: Promise<Configuration> | undefined;

  constructor(options: OidcLoginOptions) {
    this.#options = options;
  }

  /** What the login button says. */
  get name(): string {
    const { name, issuer } = this.#options.settings;
    return name ?? new URL(issuer).host;
  }

  /** Returns the provider's address to send the browser to, and sets a cookie that only this browser has. */
  async start(context: Context<AccessEnv>): Promise<string> {
    const configuration = await this.#discover();
    const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    setCookie(context, cookieName(context), Buffer.from(JSON.stringify(pending)).toString("base64url"), {
      path: "/",
      httpOnly: true,
      // The provider sends the browser back from another site.
      sameSite: "Lax",
      secure: context.get("client").isSecure,
      maxAge: pendingSeconds,
    });
    return buildAuthorizationUrl(configuration, {
      redirect_uri: `${this.#origin(context)}${callbackPath}`,
      scope: ["openid", ...(this.#options.settings.scopes ?? ["profile", "email"])].join(" "),
      code_challenge: await calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: "S256",
      state: pending.state,
      nonce: pending.nonce,
    }).href;
  }

  /** Ends the login that the browser has begun. Rejects with a 401 or a 403 if the provider or the claims refuse it. */
  async finish(context: Context<AccessEnv>): Promise<Login> {
    const pending = readPending(context);
    const claims = await this.#claims(context, pending);
    const role = roleOfClaims(claims, this.#options.settings);
    if (role === undefined)
      throw new HttpError(403, "forbidden", "The claims of this user give no role on this server");
    const identity = { subject: `${claims.iss}#${claims.sub}`, name: nameOf(claims), role };
    const { requestId, address } = context.var;
    const user = await userOfIdentity(this.#options.users, { requestId, address }, identity);
    return await this.#options.logins.beginFor({ requestId, address }, user, "oidc");
  }

  async #claims(context: Context<AccessEnv>, { state, nonce, verifier }: z.infer<typeof pendingSchema>) {
    const configuration = await this.#discover();
    const current = new URL(`${this.#origin(context)}${callbackPath}${new URL(context.req.url).search}`);
    try {
      const tokens = await authorizationCodeGrant(configuration, current, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims !== undefined) return claims;
    } catch (cause) {
      throw Object.assign(refused(), { cause });
    }
    throw refused();
  }

  /** Asks the provider for its addresses. A failure is not remembered: the next login asks again. */
  #discover(): Promise<Configuration> {
    this.#configuration ??= this.#request().catch((cause: unknown) => {
      this.#configuration = undefined;
      throw Object.assign(new HttpError(503, "unavailable", "The OpenID provider does not answer"), { cause });
    });
    return this.#configuration;
  }

  async #request(): Promise<Configuration> {
    const { settings, clientSecret } = this.#options;
    const issuer = new URL(settings.issuer);
    const execute = issuer.protocol === "http:" && isLoopback(issuer.hostname) ? [allowInsecureRequests] : undefined;
    const authentication = clientSecret === undefined ? None() : ClientSecretBasic(clientSecret.reveal());
    const options = { timeout: timeoutSeconds, ...dropUndefined({ execute }) };
    return await discovery(issuer, settings.clientId, undefined, authentication, options);
  }

  #origin(context: Context<AccessEnv>): string {
    const { host, isSecure } = context.get("client");
    return this.#options.publicUrl ?? `${isSecure ? "https" : "http"}://${host}`;
  }
}

function readPending(context: Context<AccessEnv>): z.infer<typeof pendingSchema> {
  const text = getCookie(context, cookieName(context)) ?? "";
  setCookie(context, cookieName(context), "", { path: "/", maxAge: 0, secure: context.get("client").isSecure });
  try {
    return pendingSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch (cause) {
    throw Object.assign(new HttpError(401, "authentication", "This browser has begun no login"), { cause });
  }
}

function nameOf(claims: Readonly<Record<string, unknown>>): string {
  const names = [claims.preferred_username, claims.email, claims.name];
  return (names.find((name) => typeof name === "string" && name !== "") as string | undefined) ?? "user";
}

function refused(): HttpError {
  return new HttpError(401, "authentication", "The OpenID provider did not confirm the login");
}

function cookieName(context: Context<AccessEnv>): string {
  return context.get("client").isSecure ? "__Host-glovebox-oidc" : "glovebox-oidc";
}
