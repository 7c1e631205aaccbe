import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";

/** The query of `GET /v1/cost`. */
export const costFilterSchema = z.object({
  by: z.enum(["day", "user", "model", "harness"]).optional().openapi({ description: "Default: `day`." }),
  from: momentSchema.optional().openapi({ description: "Default: 30 days ago." }),
  to: momentSchema.optional().openapi({ description: "Default: now." }),
});

/** What runs have cost, summed up. */
export const costSchema = z
  .object({
    by: z.enum(["day", "user", "model", "harness"]),
    from: momentSchema,
    to: momentSchema,
    totalUsd: z.number(),
    entries: z.array(
      z.object({
        key: z
          .string()
          .openapi({ description: "The day as `2026-01-31`, or the id of the user, the model, the harness." }),
        costUsd: z.number(),
        runs: z.int(),
        tokens: z.number(),
      }),
    ),
  })
  .openapi("Cost");
