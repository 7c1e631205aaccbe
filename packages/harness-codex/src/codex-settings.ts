import { z } from "zod";

export const codexSettingsSchema = z.strictObject({
  /** The npm version of `@openai/codex` in the template. */
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "must be one exact version, such as 0.171.0")
    .optional(),
  /** The program in the sandbox, when it is not `codex` on the PATH. */
  pathToBinary: z.string().min(1).optional(),
});

/** The settings of the harness. Every one may be left out. */
export type CodexSettings = Readonly<z.infer<typeof codexSettingsSchema>>;
