import type { HarnessDialogue } from "@glovebox/core/harness";
import { z } from "zod";

/*
 * How Claude Code asks on its control channel whether it may use a tool, with `--permission-prompt-tool stdio`. Seen from the
 * pinned version.
 */
const questionSchema = z.object({
  type: z.literal("control_request"),
  request_id: z.string().max(1024),
  request: z.object({
    subtype: z.literal("can_use_tool"),
    tool_name: z.string(),
    input: z.record(z.string(), z.unknown()).optional(),
    tool_use_id: z.string().max(1024).optional().catch(undefined),
  }),
});

export type ToolQuestion = z.infer<typeof questionSchema>;

/** In UTF-16 units. No model writes as much in a call, and of a line that was shortened on its way more is left. */
const longestQuestion = 1024 * 1024;

/** The question that a line asks; `undefined` for every other line. One that is too long is denied: its input is left out. */
export function readToolQuestion(line: string): ToolQuestion | undefined {
  if (!line.includes('"can_use_tool"')) return undefined;
  const { data } = questionSchema.safeParse(parse(line));
  if (data === undefined || line.length <= longestQuestion) return data;
  const { input: _, ...request } = data.request;
  return { ...data, request };
}

const resultSchema = z.object({ type: z.literal("result") });

/** Whether the line is the result of a turn. */
export function isResultLine(line: string): boolean {
  return line.includes('"result"') && resultSchema.safeParse(parse(line)).success;
}

/** Asks the user, and tells Claude Code. Never rejects: a program that has ended needs no answer. */
export async function answerToolQuestion(
  { request_id, request: { tool_name: name, input, tool_use_id: callId } }: ToolQuestion,
  { permit, write }: Pick<HarnessDialogue, "permit" | "write">,
): Promise<void> {
  const question = { name, input, ...(callId === undefined ? {} : { callId }) };
  const allowed = input !== undefined && ((await permit?.(question)) ?? false);
  const message = input === undefined ? "The input is too long to ask the user." : "The user does not allow this.";
  const response = allowed ? { behavior: "allow", updatedInput: input } : { behavior: "deny", message };
  const answer = { type: "control_response", response: { subtype: "success", request_id, response } };
  await write(`${JSON.stringify(answer)}\n`).catch(() => {});
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line of something else.
    return undefined;
  }
}
