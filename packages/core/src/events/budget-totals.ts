import { z } from "zod";

/** A limit of what models may use, and what of it is spent: of runs that share it, of one run, or of one agent in it. */
export const budgetTotalsSchema = z.object({
  kind: z.enum(["shared", "run", "agent"]),
  name: z.string(),
  spentUsd: z.number(),
  /** Absent without a limit. */
  maxUsd: z.number().optional(),
  /** Input, output, and what was written to the cache. */
  spentTokens: z.number(),
  /** Absent without a limit. */
  maxTokens: z.number().optional(),
});
