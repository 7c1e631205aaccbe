import { createHash } from "node:crypto";
import type { IdempotencyRecord, Store } from "@glovebox/store";
import type { Context, MiddlewareHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { HttpError } from "../access/http-error.ts";
import type { ApiEnv } from "./api-parts.ts";
import { jsonReply } from "./replies/json-reply.ts";

const keptMs = 86_400_000;
/** A request that takes longer has died with its server: its key is free again. */
const servedMs = 120_000;

/**
 * Serves a `POST` with an `Idempotency-Key` once: the same request gets the same response again (409 while the first is being
 * served), another request with the same key gets 422. Only successes are kept.
 */
export function idempotency(store: Store): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const key = context.req.header("idempotency-key");
    if (context.req.method !== "POST" || key === undefined || key.length > 255) return await next();
    const userId = context.get("principal").user.id;
    const requestHash = await hashOf(context);
    const expiresAt = new Date(Date.now() + servedMs);
    const known = await store.idempotency.reserve({ userId, key, requestHash, expiresAt });
    if (known !== undefined) return replay(context, known, requestHash);
    await next();
    const { status } = context.res;
    if (!context.res.ok) return await store.idempotency.release(userId, key);
    const body: unknown = await context.res.clone().json();
    await store.idempotency.complete({ userId, key, status, body, expiresAt: new Date(Date.now() + keptMs) });
  };
}

function replay(context: Context, { requestHash, status, body }: IdempotencyRecord, hash: string): Response {
  if (requestHash !== hash) {
    throw new HttpError(422, "conflict", "This Idempotency-Key was used for another request");
  }
  if (status === undefined) {
    throw new HttpError(409, "conflict", "The first request with this Idempotency-Key is still being served", {
      "retry-after": "1",
    });
  }
  context.header("idempotency-replayed", "true");
  return jsonReply(context, body, status as ContentfulStatusCode);
}

async function hashOf(context: Context): Promise<string> {
  const hash = createHash("sha256").update(`${context.req.method} ${context.req.path}\n`);
  return hash.update(await context.req.text()).digest("hex");
}
