import { z } from "zod";
import { type ResultLine, resultLineSchema } from "../headless/result-line.ts";

/*
 * The lines of `claude -p --output-format stream-json` as far as they are read; everything else in them is ignored. Each
 * was seen from the pinned version: test/transcripts holds them.
 */

const parent = z.string().nullish();

const usageSchema = z.object({
  input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
  cache_creation_input_tokens: z.number().nullish(),
});
export type LineUsage = z.infer<typeof usageSchema>;

const initSchema = z.object({
  type: z.literal("system"),
  subtype: z.literal("init"),
  session_id: z.string(),
  model: z.string().optional(),
  claude_code_version: z.string().optional(),
  tools: z.array(z.string()).default([]),
  agents: z.array(z.string()).default([]),
  slash_commands: z.array(z.string()).default([]),
  skills: z.array(z.string()).default([]),
  mcp_servers: z.array(z.object({ name: z.string(), status: z.string() })).default([]),
});

const retrySchema = z.object({
  type: z.literal("system"),
  subtype: z.literal("api_retry"),
  attempt: z.number(),
  max_retries: z.number().nullish(),
  retry_delay_ms: z.number().nullish(),
  error_status: z.number().nullish(),
  error: z.string().nullish(),
});

const compactionSchema = z.object({
  type: z.literal("system"),
  subtype: z.literal("compact_boundary"),
  compact_metadata: z
    .object({ trigger: z.string().nullish(), pre_tokens: z.number().nullish(), post_tokens: z.number().nullish() })
    .nullish(),
});

const tasksSchema = z.object({
  type: z.literal("system"),
  subtype: z.literal("background_tasks_changed"),
  tasks: z.array(z.unknown()),
});

/** Ticks that say nothing but that it works. */
const tickSchema = z.union([
  z.object({ type: z.literal("system"), subtype: z.literal("status"), status: z.literal("requesting") }),
  z.object({ type: z.literal("system"), subtype: z.literal("thinking_tokens") }),
]);

const assistantSchema = z.object({
  type: z.literal("assistant"),
  parent_tool_use_id: parent,
  message: z.object({ id: z.string(), model: z.string(), content: z.array(z.looseObject({ type: z.string() })) }),
});

const userSchema = z.object({
  type: z.literal("user"),
  uuid: z.string().optional(),
  parent_tool_use_id: parent,
  message: z.object({ content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]) }),
  tool_use_result: z.unknown().optional(),
  tool_result_meta: z
    .array(z.object({ id: z.string().optional(), non_execution_kind: z.string().optional() }))
    .optional(),
});

const streamSchema = z.object({
  type: z.literal("stream_event"),
  parent_tool_use_id: parent,
  event: z.discriminatedUnion("type", [
    z.object({
      type: z.literal("message_start"),
      message: z.object({ id: z.string(), model: z.string(), usage: usageSchema.optional() }),
    }),
    z.object({ type: z.literal("content_block_start") }),
    z.object({
      type: z.literal("content_block_delta"),
      delta: z.object({ type: z.string(), text: z.string().optional(), thinking: z.string().optional() }),
    }),
    z.object({ type: z.literal("content_block_stop") }),
    z.object({ type: z.literal("message_delta"), usage: usageSchema.optional() }),
    z.object({ type: z.literal("message_stop") }),
    z.object({ type: z.literal("ping") }),
  ]),
});

export const streamLineSchema = z.union([
  streamSchema,
  assistantSchema,
  userSchema,
  resultLineSchema,
  initSchema,
  retrySchema,
  compactionSchema,
  tasksSchema,
  tickSchema,
]);
export type StreamLine = z.infer<typeof streamLineSchema>;
export type AssistantLine = z.infer<typeof assistantSchema>;
export type UserLine = z.infer<typeof userSchema>;
export type StreamEventLine = z.infer<typeof streamSchema>;
export type SystemLine = Exclude<StreamLine, AssistantLine | UserLine | StreamEventLine | ResultLine>;
