import { z } from "zod";

/*
 * The lines of `opencode run --format json` as far as they are read; everything else in them is ignored. Each was seen from the
 * pinned version: test/transcripts holds them.
 */

const sessionID = z.string();

const textSchema = z.object({
  type: z.enum(["text", "reasoning"]),
  sessionID,
  part: z.object({ id: z.string(), text: z.string() }),
});

const toolSchema = z.object({
  type: z.literal("tool_use"),
  sessionID,
  part: z.object({
    tool: z.string(),
    callID: z.string(),
    state: z.object({
      status: z.string(),
      input: z.unknown().optional(),
      output: z.unknown().optional(),
      error: z.unknown().optional(),
      metadata: z.object({ exit: z.unknown().optional() }).nullish().catch(undefined),
    }),
  }),
});

const startSchema = z.object({ type: z.literal("step_start"), sessionID });

const count = z.number().nullish();
const finishSchema = z.object({
  type: z.literal("step_finish"),
  sessionID,
  part: z.object({
    messageID: z.string(),
    reason: z.string(),
    cost: count,
    tokens: z
      .object({
        input: count,
        output: count,
        reasoning: count,
        cache: z.object({ read: count, write: count }).nullish(),
      })
      .nullish(),
  }),
});

const errorSchema = z.object({
  type: z.literal("error"),
  sessionID: z.string().optional(),
  error: z.object({
    name: z.string(),
    data: z.object({ message: z.string().optional(), statusCode: count }).nullish().catch(undefined),
  }),
});

export const streamLineSchema = z.union([textSchema, toolSchema, startSchema, finishSchema, errorSchema]);
export type StreamLine = z.infer<typeof streamLineSchema>;
export type ToolLine = z.infer<typeof toolSchema>;
export type FinishLine = z.infer<typeof finishSchema>;
export type ErrorLine = z.infer<typeof errorSchema>;
