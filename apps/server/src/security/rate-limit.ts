import type { MiddlewareHandler } from "hono";
import { refuse } from "../routes/error-reply.ts";

/** Allows `perSecond` requests a second, and twice as many in a burst. The rest gets 429. */
export function rateLimit(perSecond: number): MiddlewareHandler {
  const most = perSecond * 2;
  let left = most;
  let filledAt = performance.now();
  return async (context, next) => {
    const now = performance.now();
    left = Math.min(most, left + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
    if (left < 1) {
      context.header("retry-after", String(Math.ceil((1 - left) / perSecond)));
      return refuse(context, 429, "rate-limited", "Too many requests");
    }
    left -= 1;
    await next();
  };
}
