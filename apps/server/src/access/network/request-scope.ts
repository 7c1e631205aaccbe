import { randomUUID } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import type { Context, MiddlewareHandler } from "hono";
import { HttpError } from "../http-error.ts";
import type { AccessEnv } from "../principal.ts";
import { type Client, clientOf } from "./client-of.ts";
import type { HostNames } from "./host-names.ts";
import { isConfidential } from "./is-confidential.ts";
import type { TrustedProxies } from "./trusted-proxies.ts";

/** Probes address a pod or a container as they like, and learn nothing. */
const probes = new Set(["/livez", "/readyz", "/healthz"]);

/**
 * The first middleware of the server: identifies the request and its client, and refuses names that are not the server's (421),
 * so that a page of another site cannot use the server through a name that it has pointed here.
 */
export function requestScope(names: HostNames, proxies: TrustedProxies): MiddlewareHandler<AccessEnv> {
  return async (context, next) => {
    const client = clientOf((context.env as unknown as HttpBindings).incoming, proxies);
    const requestId = idOf(context, client);
    context.set("client", client);
    context.set("requestId", requestId);
    context.set("address", client.address);
    context.header("x-request-id", requestId);
    if (!names.includes(client) && !probes.has(context.req.path)) {
      throw new HttpError(
        421,
        "misdirected-request",
        "The Host header is not a name of this server: see --allowed-host",
      );
    }
    if (!isConfidential(client) && !probes.has(context.req.path)) {
      throw new HttpError(403, "forbidden", "This server accepts plain HTTP from trusted proxies only: use https");
    }
    if (context.req.url.includes("%00")) throw new HttpError(400, "invalid-options", "The URL holds a NUL");
    await next();
    protect(context);
  };
}

/**
 * Keeps browsers from running what the API returns: agents write much of it. Pages of the dashboard and of the reference set
 * policies of their own.
 */
function protect({ req, res }: Context<AccessEnv>): void {
  res.headers.set("x-content-type-options", "nosniff");
  if (req.path.startsWith("/v1/")) {
    res.headers.set("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
    res.headers.set("referrer-policy", "no-referrer");
  }
}

function idOf(context: Context<AccessEnv>, { isProxied }: Client): string {
  const sent = context.req.header("x-request-id") ?? "";
  return isProxied && /^[\w.-]{8,64}$/.test(sent) ? sent : randomUUID();
}
