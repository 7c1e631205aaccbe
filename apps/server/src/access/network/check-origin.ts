import type { Context } from "hono";
import { HttpError } from "../http-error.ts";
import type { AccessEnv } from "../principal.ts";

/** Refuses (403) a request from a page of another origin, and where required one that does not name its origin. */
export function checkOrigin(context: Context<AccessEnv>, { required }: { readonly required: boolean }): void {
  const { isSecure, host } = context.get("client");
  const origin = context.req.header("origin");
  if (origin === undefined && !required) return;
  if (origin?.toLowerCase() === `${isSecure ? "https" : "http"}://${host.toLowerCase()}`) return;
  throw new HttpError(403, "forbidden", "The Origin header is not this server's");
}
