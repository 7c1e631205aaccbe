import type { Batch } from "@glovebox/store";
import type { z } from "@hono/zod-openapi";
import { isoTimes } from "../replies/iso-times.ts";
import type { batchSchema } from "../schemas/batch.ts";

/** A batch as the API shows it. */
export function batchView({ request: _, counts, ...batch }: Batch): z.infer<typeof batchSchema> {
  const { queued, running, ended, succeeded } = counts;
  return {
    ...isoTimes(batch),
    counts: { total: queued + running + ended, queued, running, succeeded, failed: ended - succeeded },
  };
}
