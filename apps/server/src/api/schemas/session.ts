import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";
import { roleSchema, userSchema } from "./user.ts";

/** The body of `POST /v1/session`. */
export const sessionRequestSchema = z
  .union([
    z.strictObject({ code: z.string().min(1).max(200).openapi({ description: "The code of a one-time link." }) }),
    z.strictObject({ token: z.string().min(1).max(200) }),
  ])
  .openapi("SessionRequest");

/** A session, whose cookie the response sets. */
export const sessionSchema = z
  .object({
    user: userSchema,
    role: roleSchema,
    csrf: z
      .string()
      .openapi({ description: "For `x-csrf-token`: required with every request that changes something." }),
    expiresAt: momentSchema,
  })
  .openapi("Session");

/** How users can sign in besides codes and tokens. */
export const sessionMethodsSchema = z
  .object({ oidc: z.object({ name: z.string() }).nullable() })
  .openapi("SessionMethods");
