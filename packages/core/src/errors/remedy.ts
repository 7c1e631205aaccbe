import { z } from "zod";

/**
 * What would help, as data: a command line renders it as a flag, a server as a field. `raise` names a limit, `set` another
 * setting of a run, `allowHost` a host with its port where that is not 80 or 443, `do` an action of the user's.
 */
export const remedySchema = z.union([
  z.object({
    raise: z.enum([
      "timeoutMs",
      "idleTimeoutMs",
      "leaseMs",
      "memoryMiB",
      "diskMiB",
      "tmpMiB",
      "shmMiB",
      "maxCostUsd",
      "maxTokens",
      "maxCostPerAgentUsd",
      "maxTokensPerAgent",
      "maxTurns",
      "maxBudgetUsd",
    ]),
  }),
  z.object({ allowHost: z.string() }),
  z.object({ set: z.enum(["image", "model", "overwrite", "workspace"]) }),
  z.object({ set: z.literal("network"), value: z.enum(["standard", "open"]) }),
  z.object({ do: z.enum(["set-up", "build-template"]) }),
]);

/** See {@link remedySchema}. */
export type Remedy = z.infer<typeof remedySchema>;
