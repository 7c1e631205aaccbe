import { safeJson } from "@glovebox/core/text";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** An answer in JSON in which nothing is hidden: people read it on terminals. */
export function jsonReply(context: Context, value: unknown, status: ContentfulStatusCode = 200): Response {
  return context.body(safeJson(value), status, { "content-type": "application/json" });
}
