import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";

/** A template that runs can start from. */
export const templateSchema = z
  .object({
    name: z.string(),
    provider: z.string(),
    reference: z.string().optional().openapi({ description: "What the provider calls it." }),
    builtAt: momentSchema.optional(),
    bytes: z.number().optional(),
  })
  .openapi("Template");

/** All templates of the server. */
export const templateListSchema = z.object({ templates: z.array(templateSchema) }).openapi("TemplateList");
