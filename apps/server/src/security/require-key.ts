import type { Secret } from "@glovebox/core/provider";
import type { MiddlewareHandler } from "hono";
import { refuse } from "../routes/error-reply.ts";
import { isKey } from "./api-keys.ts";

/** Lets a request pass that carries a key, as `Authorization: Bearer` or `X-API-Key`. */
export function requireKey(keys: readonly Secret[]): MiddlewareHandler {
  return async (context, next) => {
    const bearer = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    const given = context.req.header("x-api-key") ?? bearer;
    if (given === undefined || !isKey(given, keys)) {
      context.header("www-authenticate", "Bearer");
      return refuse(context, 401, "authentication", "The key is missing or wrong");
    }
    await next();
  };
}
