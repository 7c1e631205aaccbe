import { z } from "@hono/zod-openapi";

/** What runs in a sandbox, and what it uses. */
export const processesSchema = z
  .object({
    cpuMs: z.number().openapi({ description: "Processor time of all processes since they started." }),
    memoryBytes: z.number(),
    disk: z.object({ usedBytes: z.number(), totalBytes: z.number() }).optional(),
    processes: z.array(
      z.object({
        pid: z.int(),
        name: z.string().openapi({ description: "Chosen by the process itself." }),
        cpuMs: z.number(),
        memoryBytes: z.number(),
      }),
    ),
  })
  .openapi("Processes");
