import { z } from "zod";

export const openCodeSettingsSchema = z.strictObject({
  /** The npm version of `opencode-ai` in the template. */
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "must be one exact version, such as 1.18.33")
    .optional(),
  /** The program in the sandbox, if it is not `opencode` on the PATH. */
  pathToBinary: z.string().min(1).optional(),
  /**
   * The API that `OPENAI_API_KEY` is used for. `responses` (the default) is OpenAI's Responses API, which OpenAI's reasoning
   * models need. `chat` is Chat Completions, for servers that have nothing else.
   */
  openaiApi: z.enum(["chat", "responses"]).optional(),
});

/** The settings of the harness. All are optional. */
export type OpenCodeSettings = Readonly<z.infer<typeof openCodeSettingsSchema>>;
