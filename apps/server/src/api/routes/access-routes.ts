import type { OpenAPIHono } from "@hono/zod-openapi";
import { HttpError } from "../../access/http-error.ts";
import { requireRole } from "../../access/require-role.ts";
import { version } from "../../version.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import {
  changeUserEndpoint,
  createTokenEndpoint,
  createUserEndpoint,
  getMeEndpoint,
  listTokensEndpoint,
  listUsersEndpoint,
  revokeTokenEndpoint,
} from "../endpoints/access-endpoints.ts";
import { tokenView, userView } from "../replies/access-views.ts";
import { jsonReply } from "../replies/json-reply.ts";

/** `/v1/me`, `/v1/users` and `/v1/tokens`. */
export function addAccessRoutes(app: OpenAPIHono<ApiEnv>, { access }: ApiParts): void {
  app.openapi(getMeEndpoint, async (context) => {
    const { user, role, link, session } = context.var.principal;
    const me =
      link === undefined
        ? { user: userView(user), role }
        : { role, link: { runId: link.runId, expiresAt: link.expiresAt.toISOString() } };
    return jsonReply(context, { ...me, ...(session && { csrf: session.csrf }), server: { version } }, 200);
  });
  app.openapi({ ...listUsersEndpoint, middleware: requireRole("viewer") }, async (context) => {
    const { principal } = context.var;
    // Who else works here is an admin's business: everyone else sees names alone.
    const users = await access.users.list();
    const shown = principal.role === "admin" ? users : users.map((user) => ({ ...user, limits: {} }));
    return jsonReply(
      context,
      {
        users: shown.map(({ oidcSubject, ...user }) =>
          userView(principal.role === "admin" && oidcSubject !== undefined ? { ...user, oidcSubject } : user),
        ),
      },
      200,
    );
  });
  app.openapi({ ...createUserEndpoint, middleware: requireRole("admin") }, async (context) => {
    const { limits, oidcSubject, ...user } = context.req.valid("json");
    const created = await access.users.create(context.var.principal, {
      ...user,
      ...(limits !== undefined && { limits: definedLimits(limits) }),
      ...(oidcSubject !== undefined && { oidcSubject }),
    });
    return jsonReply(context, userView(created), 201);
  });
  app.openapi({ ...changeUserEndpoint, middleware: requireRole("admin") }, async (context) => {
    const { role, limits, disabled } = context.req.valid("json");
    const change = {
      ...(role !== undefined && { role }),
      ...(limits !== undefined && { limits: definedLimits(limits) }),
      ...(disabled !== undefined && { disabled }),
    };
    const user = await access.users.update(context.var.principal, context.req.valid("param").id, change);
    return jsonReply(context, userView(user), 200);
  });
  addTokenRoutes(app, access);
}

function addTokenRoutes(app: OpenAPIHono<ApiEnv>, access: ApiParts["access"]): void {
  app.openapi(listTokensEndpoint, async (context) => {
    const { user, role } = context.var.principal;
    const { user: wanted = user.id } = context.req.valid("query");
    if (wanted !== user.id && role !== "admin")
      throw new HttpError(403, "forbidden", "These are another user's tokens");
    const tokens = await access.tokens.list(wanted === "all" ? undefined : { id: wanted });
    return jsonReply(context, { tokens: tokens.map(tokenView) }, 200);
  });
  app.openapi(createTokenEndpoint, async (context) => {
    const { principal } = context.var;
    const { name, role, expiresInMs, userId } = context.req.valid("json");
    const wanted = {
      name,
      ...(role !== undefined && { role }),
      ...(expiresInMs !== undefined && { expiresAt: new Date(Date.now() + expiresInMs) }),
    };
    const isOther = userId !== undefined && userId !== principal.user.id;
    if (isOther && principal.role !== "admin") throw new HttpError(403, "forbidden", "This needs the role admin");
    const { token, text } = isOther
      ? await access.tokens.createFor(principal, await access.users.get(userId), wanted)
      : await access.tokens.create(principal, wanted);
    return jsonReply(context, { ...tokenView(token), token: text }, 201);
  });
  app.openapi(revokeTokenEndpoint, async (context) => {
    await access.tokens.revoke(context.var.principal, context.req.valid("param").id);
    return context.body(null, 204);
  });
}

interface Limits {
  readonly concurrentRuns?: number | undefined;
  readonly budgetUsdPerDay?: number | undefined;
}

function definedLimits({ concurrentRuns, budgetUsdPerDay }: Limits) {
  return {
    ...(concurrentRuns !== undefined && { concurrentRuns }),
    ...(budgetUsdPerDay !== undefined && { budgetUsdPerDay }),
  };
}
