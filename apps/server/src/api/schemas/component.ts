import { componentKinds } from "@glovebox/components";
import { z } from "@hono/zod-openapi";

/** A component of one of the server's catalogs. */
export const componentSchema = z
  .object({
    kind: z.enum(componentKinds),
    name: z.string(),
    category: z.string().optional(),
    description: z.string().optional(),
    source: z.string(),
  })
  .openapi("Component");

/** The components that were found, best match first. */
export const componentListSchema = z
  .object({ components: z.array(componentSchema), total: z.int() })
  .openapi("ComponentList");

/** The query of `GET /v1/components`. */
export const componentFilterSchema = z.object({
  kind: z.enum(componentKinds).optional(),
  q: z.string().max(200).optional().openapi({ description: "Words of the name, the category or the description." }),
  limit: z.coerce.number().int().min(1).max(500).optional().openapi({ description: "Default: 50." }),
});
