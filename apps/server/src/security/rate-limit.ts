import { TokenBucket } from "@glovebox/e2b-gateway";
import type { MiddlewareHandler } from "hono";
import { refuse } from "../routes/error-reply.ts";

/** Allows `perSecond` requests a second, and twice as many in a burst. The rest gets 429. */
export function rateLimit(perSecond: number): MiddlewareHandler {
  const bucket = new TokenBucket(perSecond);
  return async (context, next) => {
    const retryAfterSeconds = bucket.take();
    if (retryAfterSeconds > 0) {
      context.header("retry-after", String(retryAfterSeconds));
      return refuse(context, 429, "rate-limited", "Too many requests");
    }
    await next();
  };
}
