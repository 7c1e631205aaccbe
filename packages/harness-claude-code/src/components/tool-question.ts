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
    input: z.record(z.string(), z.unknown()),
    tool_use_id: z.string().max(1024).optional().catch(undefined),
  }),
});

export type ToolQuestion = z.infer<typeof questionSchema>;

/** The question that a line asks; `undefined` for every other line. */
export function readToolQuestion(line: string): ToolQuestion | undefined {
  if (!line.includes('"can_use_tool"')) return undefined;
  return questionSchema.safeParse(parse(line)).data;
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
  const allowed = (await permit?.({ name, input, ...(callId === undefined ? {} : { callId }) })) ?? false;
  const response = allowed
    ? { behavior: "allow", updatedInput: input }
    : { behavior: "deny", message: "The user does not allow this." };
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
