import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import type { ApiEnv, ApiParts } from "./api-parts.ts";
import { addReferenceRoutes } from "./docs/reference-routes.ts";
import { idempotency } from "./idempotency.ts";
import { notFoundReply } from "./method-guard.ts";
import { problemOf, problemReply } from "./replies/problem-reply.ts";
import { requireJson } from "./require-json.ts";
import { addAccessRoutes } from "./routes/access-routes.ts";
import { addBatchRoutes } from "./routes/batch-routes.ts";
import { addCatalogRoutes } from "./routes/catalog-routes.ts";
import { addCostRoutes } from "./routes/cost-routes.ts";
import { addInsideRoutes } from "./routes/inside-routes.ts";
import { addLinkRoutes } from "./routes/link-routes.ts";
import { addRunControlRoutes } from "./routes/run-control-routes.ts";
import { addRunEventRoutes } from "./routes/run-event-routes.ts";
import { addRunFileRoutes } from "./routes/run-file-routes.ts";
import { addRunRoutes } from "./routes/run-routes.ts";
import { addSandboxRoutes } from "./routes/sandbox-routes.ts";
import { addLoginRoutes, addLogoutRoute } from "./routes/session-routes.ts";
import { addUploadRoutes } from "./routes/upload-routes.ts";
import { storableText } from "./storable-text.ts";
import { userRateLimit } from "./user-rate-limit.ts";

const maxBodyBytes = 4 * 1024 * 1024;
const requestsPerSecond = 50;

/** Adds the API to the server's app: everything below `/v1`, its OpenAPI document and its reference. */
export function addApi(app: OpenAPIHono<ApiEnv>, parts: ApiParts): void {
  const { access, store, logger } = parts;
  app.onError((error, context) => {
    const problem = problemOf(error);
    const { status } = problem;
    if (status >= 500) {
      const requestId = context.get("requestId");
      logger.error({ path: context.req.path, requestId, status, reason: error.message }, "A request failed");
    }
    return problemReply(context, problem);
  });
  app.notFound(notFoundReply);
  addReferenceRoutes(app);
  app.use("/v1/*", limitBody());
  app.use("/v1/*", requireJson);
  addLoginRoutes(app, parts);
  app.use("/v1/*", access.authenticate, userRateLimit(requestsPerSecond), storableText, idempotency(store));
  addLogoutRoute(app, parts);
  addAccessRoutes(app, parts);
  addRunRoutes(app, parts);
  addRunControlRoutes(app, parts);
  addRunEventRoutes(app, parts);
  addRunFileRoutes(app, parts);
  addInsideRoutes(app, parts);
  addLinkRoutes(app, parts);
  addUploadRoutes(app, parts);
  addBatchRoutes(app, parts);
  addSandboxRoutes(app, parts);
  addCatalogRoutes(app, parts);
  addCostRoutes(app, parts);
}

/** The app of a server, whose requests that do not fit their schema get a problem. */
export function createApiApp(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const errors = result.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message }));
      const [first] = errors;
      const place = first === undefined || first.path === "" ? "" : `${first.path}: `;
      const detail = `The request is invalid: ${place}${first?.message ?? "see errors"}`;
      return problemReply(context, { status: 400, code: "invalid-options", detail, errors });
    },
  });
}

/** An upload has a limit of its own, and is not read into memory. */
function limitBody() {
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: (context) =>
      problemReply(context, {
        ...{ status: 413, code: "payload-too-large", detail: `The body is larger than ${maxBodyBytes} bytes` },
      }),
  });
  return async (...[context, next]: Parameters<typeof limit>) =>
    context.req.path === "/v1/uploads" ? await next() : await limit(context, next);
}
