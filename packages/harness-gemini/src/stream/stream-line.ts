import { z } from "zod";

/*
 * The lines of `gemini --output-format stream-json` as far as they are read; everything else in them is ignored. Each was seen
 * from the pinned version: test/transcripts holds them.
 */

const initSchema = z.object({ type: z.literal("init"), session_id: z.string(), model: z.string().optional() });

const messageSchema = z.object({
  type: z.literal("message"),
  role: z.enum(["user", "assistant"]),
  content: z.string(),
});

const useSchema = z.object({
  type: z.literal("tool_use"),
  tool_name: z.string(),
  tool_id: z.string(),
  parameters: z.unknown().optional(),
});

const toolResultSchema = z.object({
  type: z.literal("tool_result"),
  tool_id: z.string(),
  status: z.string(),
  output: z.unknown().optional(),
  error: z.object({ message: z.string().optional() }).nullish().catch(undefined),
});

/** A warning or an error. The run survives it where the model continues after it. */
const errorSchema = z.object({ type: z.literal("error"), severity: z.string(), message: z.string() });

const count = z.number().nullish();
const usageSchema = z.object({ input: count, output_tokens: count, cached: count });

const resultSchema = z.object({
  type: z.literal("result"),
  status: z.string(),
  error: z.object({ type: z.string().optional(), message: z.string().optional() }).nullish(),
  stats: z
    .object({ models: z.record(z.string(), usageSchema).nullish() })
    .nullish()
    .catch(undefined),
});

export const streamLineSchema = z.union([
  initSchema,
  messageSchema,
  useSchema,
  toolResultSchema,
  errorSchema,
  resultSchema,
]);
export type StreamLine = z.infer<typeof streamLineSchema>;
export type ToolResultLine = z.infer<typeof toolResultSchema>;
export type ResultLine = z.infer<typeof resultSchema>;
