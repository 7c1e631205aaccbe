import { safeName } from "@glovebox/core/text";
import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Logger } from "pino";
import type { AccessEnv, Principal } from "../access/principal.ts";
import type { HttpMetrics } from "./http-metrics.ts";

const longestPath = 200;
/** Probes and scrapes come every few seconds, and say nothing. */
const quiet = new Set(["/livez", "/readyz", "/healthz", "/metrics"]);

/**
 * Logs each request when its response has ended, as one line of JSON: who asked for what, and how it was answered. Never a query, a
 * header or a body: they hold secrets. The same facts go into the metrics.
 */
export function accessLog(logger: Logger, metrics: HttpMetrics): MiddlewareHandler<AccessEnv> {
  return async (context, next) => {
    const startedAt = performance.now();
    const note = (status: number) => {
      const durationMs = Math.round(performance.now() - startedAt);
      metrics.observe({ method: context.req.method, route: routeOf(context), status, durationMs });
      if (!quiet.has(context.req.path)) logger.info(factsOf(context, status, durationMs), "Request");
    };
    // A WebSocket has no response of its own: what is noted is whether it was accepted.
    const { outgoing } = context.env as unknown as Partial<HttpBindings>;
    outgoing?.once("close", () => note(outgoing.statusCode));
    await next();
    if (outgoing === undefined) note(context.res.ok ? 101 : context.res.status);
  };
}

function factsOf(context: Context<AccessEnv>, status: number, durationMs: number): Readonly<Record<string, unknown>> {
  const { requestId, address, principal } = context.var as Partial<AccessEnv["Variables"]>;
  const path = safeName(context.req.path, longestPath);
  return { requestId, method: context.req.method, path, status, durationMs, address, ...whoOf(principal) };
}

/** Who asked. Names of tokens are their users' words: the log escapes what terminals would obey. */
function whoOf(principal: Principal | undefined): Readonly<Record<string, string>> {
  if (principal === undefined) return {};
  const { user, token, link } = principal;
  if (link !== undefined) return { link: link.id };
  return token === undefined ? { user: user.name } : { user: user.name, key: token.name };
}

/** The pattern of the route that answered: a label must not have as many values as there are paths. */
function routeOf(context: Context): string {
  const route = routePath(context);
  return route === "" || route.includes("*") ? "none" : route;
}
