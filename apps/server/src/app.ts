import type { SandboxProvider, Secret } from "@glovebox/core/provider";
import { FailedKeys } from "@glovebox/e2b-gateway";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Logger } from "pino";
import { refuse, refuseError } from "./routes/error-reply.ts";
import { jsonReply } from "./routes/json-reply.ts";
import { runRoutes } from "./routes/run-routes.ts";
import { sandboxRoutes } from "./routes/sandbox-routes.ts";
import type { RunService } from "./runs/run-service.ts";
import { rateLimit } from "./security/rate-limit.ts";
import { requireKey } from "./security/require-key.ts";

export interface AppOptions {
  readonly provider: SandboxProvider;
  readonly service: RunService;
  readonly keys: readonly Secret[];
  readonly home: string;
  /** Whether the server can serve requests. */
  readonly isReady: () => boolean;
  readonly logger: Logger;
}

const maxBodyBytes = 4 * 1024 * 1024;
const requestsPerSecond = 50;

/** The server's own API. `/healthz` is public; everything else needs a key. */
export function createApp({ provider, service, keys, home, isReady, logger }: AppOptions): Hono {
  const app = new Hono();
  app.get("/healthz", (context) =>
    isReady() ? jsonReply(context, { status: "ok" }) : jsonReply(context, { status: "starting" }, 503),
  );
  app.use("/v1/*", requireKey(keys, new FailedKeys(logger)), rateLimit(requestsPerSecond));
  app.use(
    "/v1/*",
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (context) => refuse(context, 413, "invalid-options", `The body is larger than ${maxBodyBytes} bytes`),
    }),
  );
  app.route("/v1/runs", runRoutes(service));
  app.route("/v1/sandboxes", sandboxRoutes(provider, service, home));
  app.notFound((context) => refuse(context, 404, "not-found", "Nothing is served at this path"));
  app.onError((error, context) => {
    const response = refuseError(context, error);
    if (response.status === 500) logger.error({ path: context.req.path, reason: error.message }, "A request failed");
    return response;
  });
  return app;
}
