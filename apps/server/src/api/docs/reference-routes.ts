import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "../api-parts.ts";
import { openApiDocument } from "../document.ts";
import type { ApiDocument } from "./api-document.ts";
import { referencePage, referencePolicy } from "./reference-page.ts";

const cacheControl = "no-cache";

/** `/openapi.json` and `/docs`. They hold nothing of the server's users, and need no authentication. */
export function addReferenceRoutes(app: OpenAPIHono<ApiEnv>): void {
  const document = openApiDocument();
  const json = JSON.stringify(document);
  // The generator's own type of the document knows less of it.
  const page = referencePage(document as ApiDocument);
  app.get("/openapi.json", (context) =>
    context.body(json, 200, { "content-type": "application/json", "cache-control": cacheControl }),
  );
  app.get("/docs", (context) =>
    context.body(page, 200, {
      ...{ "content-type": "text/html; charset=utf-8", "cache-control": cacheControl },
      ...{ "content-security-policy": referencePolicy, "x-content-type-options": "nosniff" },
      "referrer-policy": "no-referrer",
    }),
  );
}
