import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";

/** An archive that a run can start from. */
export const uploadSchema = z
  .object({
    uploadId: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    expiresAt: momentSchema.openapi({ description: "Until when a run can be started from it." }),
  })
  .openapi("Upload");
