import { timingSafeEqual } from "node:crypto";
import type { Session } from "@glovebox/store";
import type { Context } from "hono";
import { HttpError } from "./http-error.ts";
import { checkOrigin } from "./network/check-origin.ts";
import type { AccessEnv } from "./principal.ts";
import { hashSecret } from "./secret-text.ts";

const readingMethods = new Set(["GET", "HEAD"]);

/**
 * Refuses (403) requests that another site's page makes with a user's cookie: a change needs the session's CSRF token, and a
 * change or a WebSocket the origin of the server.
 */
export function checkCookieRequest(context: Context<AccessEnv>, { csrf }: Session): void {
  const isReading = readingMethods.has(context.req.method);
  const isUpgrade = context.req.header("upgrade") !== undefined;
  checkOrigin(context, { required: !isReading || isUpgrade });
  if (!isReading && !isSame(context.req.header("x-csrf-token") ?? "", csrf)) {
    throw new HttpError(403, "forbidden", "The X-CSRF-Token header is missing or wrong");
  }
}

/** Compares in a time that reveals nothing about the texts. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(one)), Buffer.from(hashSecret(other)));
}
