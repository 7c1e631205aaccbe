import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";
import { pageOf, pageQuery } from "./page.ts";

/** Something that changed the state of the server, and who did it. */
export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: momentSchema,
    userId: z.string().optional(),
    tokenId: z.string().optional(),
    action: z.string().openapi({ example: "run.create" }),
    target: z.string().optional(),
    detail: z.record(z.string(), z.unknown()),
    address: z.string(),
    requestId: z.string(),
  })
  .openapi("AuditEntry");

/** A page of the audit log. */
export const auditPageSchema = pageOf("entries", auditEntrySchema).openapi("AuditPage");

/** The query of `GET /v1/audit`. */
export const auditFilterSchema = z.object({
  ...pageQuery,
  user: z.string().max(200).optional(),
  action: z.string().max(100).optional(),
  target: z.string().max(200).optional(),
  from: momentSchema.optional(),
  to: momentSchema.optional(),
});
