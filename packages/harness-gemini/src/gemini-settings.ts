import { z } from "zod";

export const geminiSettingsSchema = z.strictObject({
  /** The npm version of `@google/gemini-cli` in the template. */
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "must be one exact version, such as 0.61.0")
    .optional(),
  /** The program in the sandbox, if it is not `gemini` on the PATH. */
  pathToBinary: z.string().min(1).optional(),
});

/** The settings of the harness. All are optional. */
export type GeminiSettings = Readonly<z.infer<typeof geminiSettingsSchema>>;
