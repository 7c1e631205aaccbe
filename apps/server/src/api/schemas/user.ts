import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";

/** What a user may do: a viewer reads, a runner also starts runs and manages its own, an admin does everything. */
export const roleSchema = z.enum(["viewer", "runner", "admin"]).openapi("Role");

const limitsSchema = z
  .strictObject({
    concurrentRuns: z.int().min(0).max(10_000).optional(),
    budgetUsdPerDay: z.number().min(0).optional(),
  })
  .openapi("UserLimits");

const userName = z.string().min(1).max(100);

/** Someone who uses the server. */
export const userSchema = z
  .object({
    id: z.string(),
    name: userName,
    role: roleSchema,
    limits: limitsSchema,
    oidcSubject: z.string().optional(),
    createdAt: momentSchema,
    disabledAt: momentSchema.optional(),
  })
  .openapi("User");

/** All users. */
export const userListSchema = z.object({ users: z.array(userSchema) }).openapi("UserList");

/** The body of `POST /v1/users`. */
export const newUserSchema = z
  .strictObject({
    name: userName,
    role: roleSchema,
    limits: limitsSchema.optional(),
    oidcSubject: z.string().min(1).max(500).optional(),
  })
  .openapi("NewUser");

/** The body of `PATCH /v1/users/{id}`. */
export const userChangeSchema = z
  .strictObject({
    role: roleSchema.optional(),
    limits: limitsSchema.optional(),
    disabled: z
      .boolean()
      .optional()
      .openapi({ description: "A disabled user cannot sign in, and none of its tokens is valid." }),
  })
  .openapi("UserChange");

/** Who sent the request: a user, or the holder of a share link. */
export const meSchema = z
  .object({
    user: userSchema.optional(),
    role: roleSchema,
    link: z.object({ runId: z.string(), expiresAt: momentSchema }).optional(),
    csrf: z.string().optional().openapi({ description: "For `x-csrf-token`, with a session cookie." }),
    server: z.object({ version: z.string() }),
  })
  .openapi("Me");
