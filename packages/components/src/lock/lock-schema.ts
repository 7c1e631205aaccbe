import { z } from "zod";
import { componentKinds } from "../component-kind.ts";

/** What a lock file may hold. */
export const lockSchema = z.strictObject({
  version: z.literal(1),
  sources: z.record(z.string(), z.string()),
  components: z.array(
    z.strictObject({
      kind: z.enum(componentKinds),
      name: z.string(),
      source: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
