import { z } from "zod";

/** What the command of `verify` found in a fresh sandbox. */
export const verificationSchema = z.object({
  /** Whether the command succeeded and nothing suggests that its success was faked. */
  passed: z.boolean(),
  /** `null` where it is unknown, and where the command was never started. */
  exitCode: z.number().nullable(),
  /** Why, in one line. */
  reason: z.string(),
  /** How the agent may have faked the success. */
  cheats: z.array(z.object({ kind: z.string(), path: z.string().optional(), message: z.string() })),
  durationMs: z.number(),
  /** The end of the command's output. */
  outputTail: z.string(),
});
/** What the command of `verify` found in a fresh sandbox. */
export type Verification = z.infer<typeof verificationSchema>;
