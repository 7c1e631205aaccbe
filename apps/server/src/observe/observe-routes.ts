import { Hono } from "hono";
import type { Registry } from "prom-client";
import type { Authenticator } from "../access/authenticator.ts";
import { HttpError } from "../access/http-error.ts";
import { isLoopback } from "../access/network/is-loopback.ts";
import type { AccessEnv } from "../access/principal.ts";
import type { Health } from "./health.ts";

export interface ObserveRoutesOptions {
  readonly registry: Registry;
  readonly health: Health;
  readonly authenticator: Pick<Authenticator, "ofBearer">;
}

/** `/livez`, `/readyz` and, for programs of this machine and for clients with a token, `/metrics`. */
export function observeRoutes({ registry, health, authenticator }: ObserveRoutesOptions): Hono<AccessEnv> {
  const app = new Hono<AccessEnv>();
  app.get("/livez", (context) => context.json({ status: "ok" }));
  app.get("/readyz", async (context) => {
    const { isReady, checks } = await health.readiness();
    return context.json({ status: isReady ? "ok" : "not ready", checks }, isReady ? 200 : 503);
  });
  app.get("/metrics", async (context) => {
    const { address, isProxied } = context.get("client");
    const token = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    const identity = token === undefined ? undefined : await authenticator.ofBearer(token);
    const isAllowed = identity === undefined ? isLoopback(address) && !isProxied : identity.link === undefined;
    if (!isAllowed)
      throw new HttpError(401, "authentication", "/metrics needs a token", { "www-authenticate": "Bearer" });
    return context.body(await registry.metrics(), 200, { "content-type": registry.contentType });
  });
  return app;
}
