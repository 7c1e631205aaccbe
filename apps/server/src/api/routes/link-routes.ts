import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import { createLinkEndpoint, listLinksEndpoint, revokeLinkEndpoint } from "../endpoints/link-endpoints.ts";
import { linkView } from "../replies/access-views.ts";
import { jsonReply } from "../replies/json-reply.ts";
import { originOf } from "../replies/origin-of.ts";
import { changeableRun } from "../run-access.ts";

/** `/v1/runs/{id}/links`. */
export function addLinkRoutes(app: OpenAPIHono<ApiEnv>, { store, access, settings }: ApiParts): void {
  app.openapi(createLinkEndpoint, async (context) => {
    const { principal } = context.var;
    const { id } = await changeableRun(store, principal, context.req.valid("param").id);
    const { expiresInMs } = context.req.valid("json");
    const expiresAt = expiresInMs === undefined ? undefined : new Date(Date.now() + expiresInMs);
    const { link, path } = await access.links.create(principal, id, expiresAt);
    const url = `${settings.access.publicUrl ?? originOf(context)}${path}`;
    return jsonReply(context, { ...linkView(link), url }, 201);
  });
  app.openapi(listLinksEndpoint, async (context) => {
    const { id } = await changeableRun(store, context.var.principal, context.req.valid("param").id);
    return jsonReply(context, { links: (await access.links.list(id)).map(linkView) }, 200);
  });
  app.openapi(revokeLinkEndpoint, async (context) => {
    const { principal } = context.var;
    const { id, linkId } = context.req.valid("param");
    const run = await changeableRun(store, principal, id);
    await access.links.revoke(principal, run.id, linkId);
    return context.body(null, 204);
  });
}
