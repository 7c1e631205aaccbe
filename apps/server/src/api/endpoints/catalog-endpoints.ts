import { createRoute } from "@hono/zod-openapi";
import { componentFilterSchema, componentListSchema } from "../schemas/component.ts";
import { providerListSchema } from "../schemas/provider.ts";
import { templateListSchema } from "../schemas/template.ts";
import { workerListSchema } from "../schemas/worker.ts";
import { json, problems } from "./endpoint-parts.ts";

export const listTemplatesEndpoint = createRoute({
  method: "get",
  path: "/v1/templates",
  operationId: "listTemplates",
  summary: "List templates",
  tags: ["Catalog"],
  responses: { 200: json(templateListSchema, "The templates"), ...problems },
});

export const listComponentsEndpoint = createRoute({
  method: "get",
  path: "/v1/components",
  operationId: "listComponents",
  summary: "Search components",
  description: "In the server's catalogs. Best match first; tolerates typos.",
  tags: ["Catalog"],
  request: { query: componentFilterSchema },
  responses: { 200: json(componentListSchema, "The components"), ...problems },
});

export const listProvidersEndpoint = createRoute({
  method: "get",
  path: "/v1/providers",
  operationId: "listProviders",
  summary: "List providers with their health, and harnesses",
  tags: ["Catalog"],
  responses: { 200: json(providerListSchema, "The providers"), ...problems },
});

export const listWorkersEndpoint = createRoute({
  method: "get",
  path: "/v1/workers",
  operationId: "listWorkers",
  summary: "List workers",
  tags: ["Catalog"],
  responses: { 200: json(workerListSchema, "The workers"), ...problems },
});
