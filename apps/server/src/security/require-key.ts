import type { Secret } from "@glovebox/core/provider";
import type { FailedKeys } from "@glovebox/e2b-gateway";
import type { HttpBindings } from "@hono/node-server";
import type { MiddlewareHandler } from "hono";
import { refuse } from "../routes/error-reply.ts";
import { isKey } from "./api-keys.ts";

/** Allows requests that carry a key, as `Authorization: Bearer` or `X-API-Key`. */
export function requireKey(keys: readonly Secret[], failedKeys: FailedKeys): MiddlewareHandler {
  return async (context, next) => {
    const bearer = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    const key = context.req.header("x-api-key") ?? bearer;
    if (key === undefined || !isKey(key, keys)) {
      const { incoming } = context.env as HttpBindings;
      failedKeys.add(key === undefined ? "missing" : "wrong", incoming);
      context.header("www-authenticate", "Bearer");
      return refuse(context, 401, "authentication", "The key is missing or wrong");
    }
    await next();
  };
}
