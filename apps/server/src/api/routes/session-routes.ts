import type { OpenAPIHono } from "@hono/zod-openapi";
import { HttpError } from "../../access/http-error.ts";
import { checkOrigin } from "../../access/network/check-origin.ts";
import { clearSessionCookie, writeSessionCookie } from "../../access/session-cookie.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import {
  createSessionEndpoint,
  deleteSessionEndpoint,
  getSessionMethodsEndpoint,
} from "../endpoints/access-endpoints.ts";
import { userView } from "../replies/access-views.ts";
import { jsonReply } from "../replies/json-reply.ts";

/** Signing in: served without authentication, so it goes before it. */
export function addLoginRoutes(app: OpenAPIHono<ApiEnv>, { access }: ApiParts): void {
  app.openapi(createSessionEndpoint, async (context) => {
    checkOrigin(context, { required: false });
    const { address, requestId } = context.var;
    const { user, session, text } = await access.logins.begin({ address, requestId }, context.req.valid("json"));
    writeSessionCookie(context, text, session.expiresAt);
    const { csrf, expiresAt } = session;
    return jsonReply(context, { user: userView(user), role: user.role, csrf, expiresAt: expiresAt.toISOString() }, 201);
  });
  app.openapi(getSessionMethodsEndpoint, (context) =>
    jsonReply(context, { oidc: access.oidc === undefined ? null : { name: access.oidc.name } }, 200),
  );
  app.get("/v1/session/oidc", async (context) => {
    if (access.oidc === undefined) throw new HttpError(404, "not-found", "This server has no OpenID provider");
    return context.redirect(await access.oidc.start(context));
  });
  app.get("/v1/session/oidc/callback", async (context) => {
    if (access.oidc === undefined) throw new HttpError(404, "not-found", "This server has no OpenID provider");
    const { text, session } = await access.oidc.finish(context);
    writeSessionCookie(context, text, session.expiresAt);
    return context.redirect("/");
  });
}

/** Signing out. */
export function addLogoutRoute(app: OpenAPIHono<ApiEnv>, { access }: ApiParts): void {
  app.openapi(deleteSessionEndpoint, async (context) => {
    await access.logins.end(context.var.principal);
    clearSessionCookie(context);
    return context.body(null, 204);
  });
}
