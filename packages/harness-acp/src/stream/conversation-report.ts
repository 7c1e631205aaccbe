import { z } from "zod";

/* What the conversation reports to the parser beside the agent's own lines. Written and read in this package alone. */

export const sessionReportSchema = z.object({
  sessionId: z.string(),
  model: z.string().optional(),
  version: z.string().optional(),
  mcpServers: z.array(z.string()),
});

export const resultReportSchema = z.object({
  ok: z.boolean(),
  reason: z.enum(["done", "max-turns", "api-error", "aborted", "error"]),
  apiStatus: z.number().optional(),
  /** Absent: the agent's last message. */
  message: z.string().optional(),
  usage: z
    .object({ model: z.string(), input: z.number(), output: z.number(), cacheRead: z.number(), cacheWrite: z.number() })
    .optional(),
});

/** What is known once a session is open. */
export type SessionReport = z.infer<typeof sessionReportSchema>;
/** How the prompt ended. */
export type ResultReport = z.infer<typeof resultReportSchema>;
