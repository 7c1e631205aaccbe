import { createRoute } from "@hono/zod-openapi";
import { auditFilterSchema, auditPageSchema } from "../schemas/audit.ts";
import { costFilterSchema, costSchema } from "../schemas/cost.ts";
import { json, problems } from "./endpoint-parts.ts";

export const getCostEndpoint = createRoute({
  method: "get",
  path: "/v1/cost",
  operationId: "getCost",
  summary: "Sum up what runs have cost",
  tags: ["Cost"],
  request: { query: costFilterSchema },
  responses: { 200: json(costSchema, "The cost"), ...problems },
});

export const listAuditEndpoint = createRoute({
  method: "get",
  path: "/v1/audit",
  operationId: "listAudit",
  summary: "List the audit log",
  description: "For admins. Newest first, in pages.",
  tags: ["Audit"],
  request: { query: auditFilterSchema },
  responses: { 200: json(auditPageSchema, "A page of the log"), ...problems },
});
