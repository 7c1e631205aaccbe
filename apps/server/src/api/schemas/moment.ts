import { z } from "@hono/zod-openapi";

/** A moment, as ISO 8601 in UTC. */
export const momentSchema = z.iso.datetime().openapi({ example: "2026-01-31T09:30:00.000Z" });
