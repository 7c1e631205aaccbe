import type { MiddlewareHandler } from "hono";
import { HttpError } from "../access/http-error.ts";
import type { ApiEnv } from "./api-parts.ts";

/**
 * Refuses (415) bodies of another type than JSON, which uploads alone may have. A page of another site cannot send JSON without
 * asking the server first.
 */
export const requireJson: MiddlewareHandler<ApiEnv> = async (context, next) => {
  const type = context.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  const { method, path } = context.req;
  if (method !== "GET" && method !== "HEAD" && path !== "/v1/uploads" && hasBody(context.req.raw)) {
    if (type !== "application/json") {
      throw new HttpError(415, "unsupported-media-type", "The body must be application/json");
    }
  }
  await next();
};

function hasBody({ headers }: Request): boolean {
  return headers.has("transfer-encoding") || Number(headers.get("content-length") ?? 0) > 0;
}
