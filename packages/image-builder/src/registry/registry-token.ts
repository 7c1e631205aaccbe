import { SandboxAuthenticationError } from "@glovebox/core/provider";
import { z } from "zod";
import type { RegistryFetch } from "./host-fetch.ts";
import type { RegistryChallenge } from "./registry-challenge.ts";
import type { StoredLogin } from "./stored-login.ts";

const tokenSchema = z.object({ token: z.string().optional(), access_token: z.string().optional() });

export interface AuthorizeOptions {
  readonly login: StoredLogin | undefined;
  /** What is asked for where the challenge does not say: `repository:team/image:pull`. */
  readonly scope: string;
  readonly signal: AbortSignal;
}

/** The `Authorization` header that answers a challenge; `undefined` where it needs a login and there is none. */
export async function authorize(
  fetch: RegistryFetch,
  challenge: RegistryChallenge,
  { login, scope: ownScope, signal }: AuthorizeOptions,
): Promise<string | undefined> {
  if (challenge.scheme === "basic") return login === undefined ? undefined : basic(login);
  const { realm, service, scope = ownScope } = challenge;
  const response =
    login?.username === ""
      ? await exchange(fetch, realm, { service, scope, login, signal })
      : await fetch(withQuery(realm, { service, scope }), {
          ...{ method: "GET", signal },
          headers: login === undefined ? {} : { authorization: basic(login) },
        });
  if (response.status === 401 || response.status === 403) {
    throw new SandboxAuthenticationError(`${new URL(realm).host} refused the stored login (${response.status})`, {
      hint: "Log in again with `docker login` (or podman's).",
    });
  }
  if (response.status !== 200) return undefined;
  const { token, access_token } = tokenSchema.parse(JSON.parse(await response.text()));
  const found = token || access_token;
  return found ? `Bearer ${found}` : undefined;
}

interface Exchange extends Omit<AuthorizeOptions, "login"> {
  readonly service: string | undefined;
  readonly login: StoredLogin;
}

/** An identity token is exchanged by OAuth 2. */
async function exchange(fetch: RegistryFetch, realm: string, { service = "", scope, login, signal }: Exchange) {
  const form = {
    grant_type: "refresh_token",
    client_id: "glovebox",
    service,
    scope,
    refresh_token: login.secret.reveal(),
  };
  return await fetch(new URL(realm), {
    ...{ method: "POST", signal, body: new URLSearchParams(form).toString() },
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
}

function withQuery(realm: string, query: Readonly<Record<string, string | undefined>>): URL {
  const url = new URL(realm);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

function basic({ username, secret }: StoredLogin): string {
  return `Basic ${Buffer.from(`${username}:${secret.reveal()}`).toString("base64")}`;
}
