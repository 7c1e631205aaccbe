import { z } from "zod";

/*
 * What Claude Code answers on its control channel, as far as it is read. Each was seen from the pinned version: the
 * questions are answered before any prompt, and without a request to the model.
 */

const name = z.object({ name: z.string() });

const answerSchema = z.object({
  type: z.literal("control_response"),
  response: z.object({
    subtype: z.string(),
    request_id: z.string(),
    error: z.string().optional(),
    response: z
      .object({
        commands: z.array(name.extend({ aliases: z.array(z.string()).optional() })).optional(),
        agents: z.array(name).optional(),
        mcpServers: z.array(name.extend({ status: z.string(), error: z.string().optional() })).optional(),
      })
      .optional(),
  }),
});

export type ControlAnswer = z.infer<typeof answerSchema>["response"];
export type McpServerStatus = NonNullable<NonNullable<ControlAnswer["response"]>["mcpServers"]>[number];

/** The answer that a line holds; `undefined` for every other line. */
export function readControlAnswer(line: string): ControlAnswer | undefined {
  if (!line.includes('"control_response"')) return undefined;
  try {
    return answerSchema.safeParse(JSON.parse(line)).data?.response;
  } catch {
    // Not JSON: a line of something else.
    return undefined;
  }
}
