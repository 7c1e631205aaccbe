import { safeJson } from "@glovebox/core/text";
import type { Context, TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { JSONParsed } from "hono/utils/types";

/** A response in JSON in which nothing is hidden: users read it in terminals. It is in no cache. */
export function jsonReply<T, S extends ContentfulStatusCode>(
  context: Context,
  value: T,
  status: S,
): Response & TypedResponse<JSONParsed<T>, S, "json"> {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  // The type is what the router compares with the endpoint's schema.
  return context.body(safeJson(value), status, headers) as Response as Response &
    TypedResponse<JSONParsed<T>, S, "json">;
}
