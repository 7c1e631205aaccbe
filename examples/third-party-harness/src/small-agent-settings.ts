import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";

const settingsSchema = z.strictObject({
  model: z.string().min(1).default("claude-sonnet-4-5"),
  maxTokens: z.number().int().positive().default(16_000),
});

export interface SmallAgentSettings {
  /** The model, where the run names none. */
  readonly model?: string;
  /** The longest answer, in tokens. 16,000 by default. */
  readonly maxTokens?: number;
}

/** Throws `invalid-options` for what is not a setting. */
export function parseSettings(settings: unknown): Required<SmallAgentSettings> {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".");
  throw new InvalidOptionsError(
    `The settings of the small agent are wrong: ${where ? `${where}: ` : ""}${issue?.message}`,
    { hint: "There are model and maxTokens.", cause: parsed.error },
  );
}
