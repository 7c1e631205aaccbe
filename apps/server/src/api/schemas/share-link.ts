import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";

/** The body of `POST /v1/runs/{id}/links`. */
export const shareLinkRequestSchema = z
  .strictObject({
    expiresInMs: z
      .int()
      .min(60_000)
      .max(90 * 86_400_000)
      .optional()
      .openapi({ description: "Default: a week. At most 90 days." }),
  })
  .openapi("ShareLinkRequest");

/** A link that shows one run and nothing else. */
export const shareLinkSchema = z
  .object({
    id: z.string(),
    runId: z.string(),
    createdBy: z.string(),
    createdAt: momentSchema,
    expiresAt: momentSchema,
    revokedAt: momentSchema.optional(),
  })
  .openapi("ShareLink");

/** A new link. Its address is shown once. */
export const newShareLinkSchema = shareLinkSchema.extend({ url: z.string() }).openapi("NewShareLink");

/** All links of a run. */
export const shareLinkListSchema = z.object({ links: z.array(shareLinkSchema) }).openapi("ShareLinkList");
