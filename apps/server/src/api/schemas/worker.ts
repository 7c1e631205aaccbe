import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";

/** A process that carries runs. */
export const workerSchema = z
  .object({
    id: z.string(),
    host: z.string(),
    startedAt: momentSchema,
    lastSeenAt: momentSchema,
    providers: z.array(z.string()),
    capacity: z.int().openapi({ description: "How many runs it carries at once." }),
    running: z.int(),
  })
  .openapi("Worker");

/** All workers that were seen lately. */
export const workerListSchema = z.object({ workers: z.array(workerSchema) }).openapi("WorkerList");
