import type { FailedKeys } from "@glovebox/e2b-gateway";
import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import type { Authenticator, Identity } from "./authenticator.ts";
import { checkCookieRequest } from "./check-cookie-request.ts";
import { HttpError } from "./http-error.ts";
import { isOpenToLinks } from "./is-open-to-links.ts";
import type { AccessEnv } from "./principal.ts";
import { readSessionCookie, writeSessionCookie } from "./session-cookie.ts";

/**
 * Sets the principal of a request, by `Authorization: Bearer`, `X-API-Key` or the session's cookie, and refuses every other
 * request (401). A request that has a token is not judged by its cookie.
 */
export function authenticate(authenticator: Authenticator, failedKeys: FailedKeys): MiddlewareHandler<AccessEnv> {
  return async (context, next) => {
    const text = readBearer(context);
    const identity = text === undefined ? await byCookie(context, authenticator) : await authenticator.ofBearer(text);
    if (identity === undefined) {
      failedKeys.add(text === undefined ? "missing" : "wrong", (context.env as unknown as HttpBindings).incoming);
      throw new HttpError(401, "authentication", "The key is missing or wrong", { "www-authenticate": "Bearer" });
    }
    if (identity.link !== undefined && !isOpenToLinks(context.req.raw, identity.link)) {
      throw new HttpError(403, "forbidden", "This link shows one run and nothing else");
    }
    const { requestId, address } = context.var;
    context.set("principal", { ...identity, requestId, address });
    await next();
  };
}

/** The token or share link that a request carries. */
function readBearer(context: Context): string | undefined {
  return context.req.header("x-api-key") ?? /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
}

async function byCookie(context: Context<AccessEnv>, authenticator: Authenticator): Promise<Identity | undefined> {
  const cookie = readSessionCookie(context);
  const found = cookie === undefined ? undefined : await authenticator.ofCookie(cookie);
  if (found === undefined) return undefined;
  const { identity, replacement } = found;
  if (identity.session === undefined) return undefined;
  checkCookieRequest(context, identity.session);
  if (replacement !== undefined) writeSessionCookie(context, replacement, identity.session.expiresAt);
  return identity;
}
