import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";

/** The body of `POST /v1/runs/{id}/ports`. */
export const portRequestSchema = z.strictObject({ port: z.int().min(1).max(65_535) }).openapi("PortRequest");

/** How a browser reaches a port of a sandbox. */
export const portPreviewSchema = z
  .object({
    url: z.string().openapi({ description: "On an origin of its own, with a token that opens this port only." }),
    expiresAt: momentSchema,
  })
  .openapi("PortPreview");
