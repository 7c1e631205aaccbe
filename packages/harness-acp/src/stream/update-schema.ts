import { z } from "zod";

/*
 * What agents report in `session/update`, as far as it is read. Parsed loosely: agents leave fields out, add their own, and a
 * hostile one sends anything.
 */

const loose = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);
const text = z.object({ type: z.literal("text"), text: z.string() });
const chunk = z.object({ content: loose(text), messageId: loose(z.string()) });

const toolContent = z.union([
  z.object({ type: z.literal("content"), content: text }),
  z.object({ type: z.literal("diff"), path: z.string(), oldText: loose(z.string()), newText: z.string() }),
]);

const toolFields = {
  toolCallId: z.string().max(1024),
  title: loose(z.string()),
  name: loose(z.string()),
  kind: loose(z.string()),
  status: loose(z.enum(["pending", "in_progress", "completed", "failed"])),
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional(),
  content: loose(z.array(toolContent.nullable().catch(null))),
  // Where the adapter of Claude Code, and Qwen Code, name the tool; where the adapter of Codex puts a command's output.
  _meta: loose(
    z.object({
      toolName: loose(z.string()),
      claudeCode: loose(z.object({ toolName: loose(z.string()) })),
      terminal_output_delta: loose(z.object({ data: z.string() })),
    }),
  ),
};

const cost = z.object({ amount: z.number().nonnegative(), currency: z.string() });

const updateSchema = z.discriminatedUnion("sessionUpdate", [
  chunk.extend({ sessionUpdate: z.literal("agent_message_chunk") }),
  chunk.extend({ sessionUpdate: z.literal("agent_thought_chunk") }),
  z.object({ sessionUpdate: z.literal("tool_call"), ...toolFields }),
  z.object({ sessionUpdate: z.literal("tool_call_update"), ...toolFields }),
  z.object({
    sessionUpdate: z.literal("available_commands_update"),
    availableCommands: z.array(z.object({ name: z.string() })).max(1000),
  }),
  z.object({ sessionUpdate: z.literal("usage_update"), cost: loose(cost) }),
]);

const notificationSchema = z.object({ params: z.object({ sessionId: z.string(), update: updateSchema }) });

export type SessionUpdate = z.infer<typeof updateSchema>;
export type ToolUpdate = Extract<SessionUpdate, { sessionUpdate: "tool_call" | "tool_call_update" }>;

/** What a notification of a session says; `undefined` for what has no event. */
export function readUpdate(line: string): SessionUpdate | undefined {
  try {
    return notificationSchema.safeParse(JSON.parse(line)).data?.params.update;
  } catch {
    // Not JSON, or nested too deeply.
    return undefined;
  }
}
