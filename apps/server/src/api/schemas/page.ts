import { z } from "@hono/zod-openapi";

/** The query of every list that has pages. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).optional().openapi({ description: "Default: 50." }),
  cursor: z.string().min(1).max(256).optional().openapi({ description: "`nextCursor` of the page before." }),
};

/** A page of a list, newest first. Without `nextCursor` it is the last one. */
export function pageOf<Name extends string, T extends z.ZodType>(name: Name, item: T) {
  return z.object({
    [name as "items"]: z.array(item),
    nextCursor: z.string().optional().openapi({ description: "Absent on the last page." }),
  }) as unknown as z.ZodObject<Record<Name, z.ZodArray<T>> & { nextCursor: z.ZodOptional<z.ZodString> }>;
}
