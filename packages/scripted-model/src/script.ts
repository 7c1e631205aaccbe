import { z } from "zod";

/**
 * A tool that the model asks for, by the name that the agent gives it. `input` is sent as it is; a tool of free text gets
 * `input.input`.
 */
const toolCallSchema = z.strictObject({
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
});

/** What goes wrong instead of, or in the middle of, a turn. */
const faultSchema = z.discriminatedUnion("kind", [
  /** An HTTP error before anything is streamed. */
  z.strictObject({
    kind: z.literal("status"),
    status: z.number().int().min(400).max(599),
    message: z.string().optional(),
    /** Seconds, sent as `retry-after`. */
    retryAfter: z.number().optional(),
    /** Sent as `x-should-retry`. */
    shouldRetry: z.boolean().optional(),
    /** How many tries of the same request fail before the turn is answered. Default: every one. */
    times: z.number().int().positive().optional(),
  }),
  /** Cuts the connection after this number of chunks of the stream. */
  z.strictObject({
    kind: z.literal("cut"),
    afterChunks: z.number().int().nonnegative(),
    times: z.number().int().positive().optional(),
  }),
  /** Sends nothing after this number of chunks, and keeps the connection open. */
  z.strictObject({
    kind: z.literal("hang"),
    afterChunks: z.number().int().nonnegative(),
    times: z.number().int().positive().optional(),
  }),
  /** Sends what is no JSON after this number of chunks, and ends the answer there. */
  z.strictObject({
    kind: z.literal("garbage"),
    afterChunks: z.number().int().nonnegative(),
    times: z.number().int().positive().optional(),
  }),
  /** Replaces the turn's text by one of this many bytes, in at most eight deltas. */
  z.strictObject({
    kind: z.literal("huge"),
    bytes: z.number().int().positive(),
    times: z.number().int().positive().optional(),
  }),
]);

/** One answer of the model: it thinks, speaks, then asks for tools, all of which is optional. */
export const scriptTurnSchema = z.strictObject({
  thinking: z.string().optional(),
  text: z.string().optional(),
  tools: z.array(toolCallSchema).optional(),
  /** What the turn claims to have read, in tokens, without what was cached. Default: the size of the request. */
  inputTokens: z.number().int().nonnegative().optional(),
  /** What it claims to have written, in tokens. Default: the size of the response. */
  outputTokens: z.number().int().nonnegative().optional(),
  /** What it claims to have read from and written to the cache, beside `inputTokens`. Default: none. */
  cacheReadTokens: z.number().int().nonnegative().optional(),
  cacheWriteTokens: z.number().int().nonnegative().optional(),
  /** Milliseconds before the first chunk. */
  delayMs: z.number().nonnegative().optional(),
  /** Milliseconds between two chunks. */
  chunkDelayMs: z.number().nonnegative().optional(),
  fault: faultSchema.optional(),
});

/** A script as JSON. */
export const scriptSchema = z.strictObject({
  turns: z.array(scriptTurnSchema),
  /** Other conversations, such as a sub-agent's, recognized by a text that their first message contains. */
  conversations: z
    .array(z.strictObject({ firstMessageIncludes: z.string().min(1), turns: z.array(scriptTurnSchema) }))
    .optional(),
});

export type ScriptToolCall = z.infer<typeof toolCallSchema>;
export type ScriptFault = z.infer<typeof faultSchema>;
export type ScriptTurn = z.infer<typeof scriptTurnSchema>;

/** The APIs that the scripted model speaks. */
export type ScriptedApi = "anthropic-messages" | "openai-responses" | "openai-chat" | "google-generate";

/** The part of a request that a script may look at. */
export interface ModelRequest {
  readonly api: ScriptedApi;
  readonly model: string;
  readonly stream: boolean;
  /** Whatever the API calls them; what the model said in one turn is one message of the role `assistant`. */
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools: readonly string[];
  readonly maxTokens: number | undefined;
}

/** A turn, or how to make one of the request that it answers. */
export type ScriptStep = ScriptTurn | ((request: ModelRequest) => ScriptTurn);

/** A script as code: JSON scripts are scripts too. */
export interface Script {
  readonly turns: readonly ScriptStep[];
  readonly conversations?:
    | readonly { readonly firstMessageIncludes: string; readonly turns: readonly ScriptStep[] }[]
    | undefined;
}
