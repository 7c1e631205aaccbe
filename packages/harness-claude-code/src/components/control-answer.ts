import { z } from "zod";
import { settingsSourceSchema } from "../model/model-settings.ts";

/*
 * What Claude Code answers on its control channel, as far as it is read. Each was seen from the pinned version: the
 * questions are answered before any prompt, and without a request to the model.
 */

const named = z.object({ name: z.string() });
const described = named.extend({ description: z.string().optional() });
/** `builtin` is what Claude Code brings itself. */
const command = described.extend({ aliases: z.array(z.string()).optional(), builtin: z.boolean().optional() });
const server = named.extend({
  status: z.string(),
  error: z.string().optional(),
  tools: z.array(z.unknown()).optional(),
});

const answerSchema = z.object({
  type: z.literal("control_response"),
  response: z.object({
    subtype: z.string(),
    request_id: z.string(),
    error: z.string().optional(),
    response: z
      .object({
        commands: z.array(command).optional(),
        agents: z.array(described).optional(),
        mcpServers: z.array(server).optional(),
        // Of what is in somebody's files nothing is sure: an answer that is not understood is no reason to wait for another.
        sources: z.array(settingsSourceSchema).optional().catch(undefined),
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
