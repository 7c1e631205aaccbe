import { OpenAPIHono, type RouteConfig } from "@hono/zod-openapi";
import * as access from "./endpoints/access-endpoints.ts";
import * as batches from "./endpoints/batch-endpoints.ts";
import * as catalog from "./endpoints/catalog-endpoints.ts";
import * as cost from "./endpoints/cost-endpoints.ts";
import * as inside from "./endpoints/inside-endpoints.ts";
import * as links from "./endpoints/link-endpoints.ts";
import * as runs from "./endpoints/run-endpoints.ts";
import * as runFiles from "./endpoints/run-file-endpoints.ts";
import * as sandboxes from "./endpoints/sandbox-endpoints.ts";
import * as uploads from "./endpoints/upload-endpoints.ts";
import { runEventRecordSchema } from "./schemas/run-event.ts";

const modules = [runs, runFiles, inside, links, uploads, batches, sandboxes, catalog, cost, access];

/** Every endpoint of the API. */
export const endpoints: readonly RouteConfig[] = modules.flatMap((module) => Object.values<RouteConfig>(module));

const description = `The API of a Glovebox server. Authenticate with \`Authorization: Bearer TOKEN\`.

Every error is \`application/problem+json\`, with a \`code\` for programs. Times are ISO 8601 in UTC, amounts are US dollars.`;

/** The OpenAPI document of the API, from the schemas that validate its requests. */
export function openApiDocument(): object {
  const app = new OpenAPIHono();
  const registry = app.openAPIRegistry;
  registry.registerComponent("securitySchemes", "token", { type: "http", scheme: "bearer" });
  registry.registerComponent("securitySchemes", "session", { type: "apiKey", in: "cookie", name: "glovebox-session" });
  registry.register("RunEvent", runEventRecordSchema);
  for (const endpoint of endpoints) registry.registerPath(endpoint);
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Glovebox", version: "1", description, license: { name: "MIT" } },
    servers: [{ url: "/" }],
    security: [{ token: [] }, { session: [] }],
  });
}
