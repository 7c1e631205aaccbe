import { TokenBucket } from "@glovebox/e2b-gateway";
import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "./api-parts.ts";
import { problemReply } from "./replies/problem-reply.ts";

/** More users than this at a time share what is left: each costs memory. */
const mostUsers = 10_000;

/** Allows each user `perSecond` requests a second, and twice as many in a burst. The rest gets 429. */
export function userRateLimit(perSecond: number): MiddlewareHandler<ApiEnv> {
  const buckets = new Map<string, TokenBucket>();
  return async (context, next) => {
    const { user, link } = context.get("principal");
    const key = link?.id ?? user.id;
    const bucket = buckets.get(key) ?? new TokenBucket(perSecond);
    if (buckets.size >= mostUsers) buckets.clear();
    buckets.set(key, bucket);
    const retryAfterSeconds = bucket.take();
    if (retryAfterSeconds === 0) return await next();
    return problemReply(context, {
      ...{ status: 429, code: "rate-limited", detail: "Too many requests" },
      retryAfterMs: retryAfterSeconds * 1000,
    });
  };
}
