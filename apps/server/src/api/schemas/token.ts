import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";
import { roleSchema } from "./user.ts";

/** A token, without its text. */
export const tokenSchema = z
  .object({
    id: z.string(),
    userId: z.string(),
    name: z.string(),
    prefix: z.string().openapi({ description: "The first characters of its text." }),
    role: roleSchema.optional().openapi({ description: "Narrower than the user's." }),
    createdAt: momentSchema,
    lastUsedAt: momentSchema.optional(),
    expiresAt: momentSchema.optional(),
    revokedAt: momentSchema.optional(),
  })
  .openapi("Token");

/** The tokens of a user, or of all. */
export const tokenListSchema = z.object({ tokens: z.array(tokenSchema) }).openapi("TokenList");

/** The body of `POST /v1/tokens`. */
export const newTokenRequestSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    role: roleSchema.optional().openapi({ description: "At most the user's. Default: the user's." }),
    expiresInMs: z
      .int()
      .min(60_000)
      .max(10 * 365 * 86_400_000)
      .optional()
      .openapi({ description: "Default: it does not expire." }),
    userId: z.string().max(200).optional().openapi({ description: "For another user: admins only." }),
  })
  .openapi("NewTokenRequest");

/** A new token. Its text is shown once. */
export const newTokenSchema = tokenSchema.extend({ token: z.string() }).openapi("NewToken");
