import type { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import type { ApiEnv, ApiParts } from "./api/api-parts.ts";
import { addApi, createApiApp } from "./api/create-api.ts";
import { jsonReply } from "./api/replies/json-reply.ts";
import { dashboardRoutes } from "./dashboard/dashboard-routes.ts";
import type { Observer } from "./observe/observer.ts";

export interface AppOptions extends ApiParts {
  readonly observer: Observer;
  /** Whether the server can serve requests. */
  readonly isReady: () => boolean;
}

/** Everything that the server serves under its own names: health, metrics, the API and the dashboard. */
export function createApp({ observer, isReady, ...parts }: AppOptions): OpenAPIHono<ApiEnv> {
  const { access, settings } = parts;
  const app = createApiApp();
  app.use(observer.accessLog, access.requestScope);
  app.get("/healthz", (context) =>
    isReady() ? jsonReply(context, { status: "ok" }, 200) : jsonReply(context, { status: "starting" }, 503),
  );
  app.route("/", observer.routes(access.authenticator));
  app.use("/v1/*", namedOrigins(settings.corsOrigins));
  addApi(app, parts);
  app.route("/", dashboardRoutes());
  return app;
}

/** Pages of other sites use a token: no cookie is sent for them. */
function namedOrigins(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    allowMethods: ["GET", "POST", "PATCH", "DELETE"],
    allowHeaders: ["authorization", "content-type", "idempotency-key", "last-event-id"],
    exposeHeaders: ["x-request-id", "retry-after", "etag", "content-range", "content-disposition"],
    maxAge: 600,
  });
}
