import type { OpenAPIHono } from "@hono/zod-openapi";
import { requireRole } from "../../access/require-role.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import { getCostEndpoint, listAuditEndpoint } from "../endpoints/cost-endpoints.ts";
import { isoTimes } from "../replies/iso-times.ts";
import { jsonReply } from "../replies/json-reply.ts";
import { pageOptions } from "../replies/page-options.ts";

const monthMs = 30 * 86_400_000;

/** `/v1/cost` and `/v1/audit`. */
export function addCostRoutes(app: OpenAPIHono<ApiEnv>, { store }: ApiParts): void {
  app.openapi(getCostEndpoint, async (context) => {
    const query = context.req.valid("query");
    const { by = "day" } = query;
    const to = query.to === undefined ? new Date() : new Date(query.to);
    const from = query.from === undefined ? new Date(to.getTime() - monthMs) : new Date(query.from);
    const [entries, days] = await Promise.all([store.cost.by(by, { from, to }), store.cost.by("day", { from, to })]);
    const totalUsd = days.reduce((total, { costUsd }) => total + costUsd, 0);
    const period = { from: from.toISOString(), to: to.toISOString() };
    return jsonReply(context, { by, ...period, totalUsd, entries: [...entries] }, 200);
  });
  app.openapi({ ...listAuditEndpoint, middleware: requireRole("admin") }, async (context) => {
    const { user, action, target, from, to, ...page } = context.req.valid("query");
    const filter = {
      ...(user !== undefined && { userId: user }),
      ...(action !== undefined && { action }),
      ...(target !== undefined && { target }),
      ...(from !== undefined && { from: new Date(from) }),
      ...(to !== undefined && { to: new Date(to) }),
    };
    const { items, nextCursor } = await store.audit.list(filter, pageOptions(page));
    const entries = items.map((entry) => ({ ...isoTimes(entry), detail: { ...entry.detail } }));
    return jsonReply(context, { entries, nextCursor }, 200);
  });
}
