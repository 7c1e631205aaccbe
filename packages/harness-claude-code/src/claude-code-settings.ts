import { z } from "zod";

export const claudeCodeSettingsSchema = z.strictObject({
  /** The npm version of `@anthropic-ai/claude-code` in the template. */
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "must be one exact version, such as 2.1.328")
    .optional(),
  /** The program in the sandbox, when it is not `claude` on the PATH. */
  pathToBinary: z.string().min(1).optional(),
  /**
   * How long, in milliseconds without output, a result waits for background commands that still run: when one ends,
   * Claude Code continues with a further turn. A server that was left running costs the run this long. 60 seconds by default.
   */
  backgroundWaitMs: z.number().int().nonnegative().optional(),
});

/** The settings of the harness. Every one may be left out. */
export type ClaudeCodeSettings = Readonly<z.infer<typeof claudeCodeSettingsSchema>>;
