import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";

/** A sandbox of one of the server's runs. */
export const sandboxSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    state: z.enum(["starting", "running", "paused", "stopped", "unknown"]),
    runId: z.string(),
    createdAt: momentSchema,
    leaseEndsAt: momentSchema.optional().openapi({ description: "When it stops by itself." }),
    rootInside: z.boolean(),
    resources: z.record(z.string(), z.number()).optional(),
  })
  .openapi("Sandbox");

/** The sandboxes of all providers. */
export const sandboxListSchema = z
  .object({
    sandboxes: z.array(sandboxSchema),
    problems: z
      .array(z.object({ provider: z.string(), detail: z.string() }))
      .openapi({ description: "Providers that could not be asked." }),
  })
  .openapi("SandboxList");
