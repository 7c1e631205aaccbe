import type { HarnessEvent, HarnessLine } from "@glovebox/core/harness";
import { z } from "zod";

/** The lines that the agent prints. */
const lineSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), model: z.string(), tools: z.array(z.string()) }),
  z.object({ type: z.literal("text"), id: z.string(), text: z.string() }),
  z.object({ type: z.literal("tool"), id: z.string(), name: z.string(), input: z.unknown() }),
  z.object({ type: z.literal("tool-end"), id: z.string(), ok: z.boolean(), output: z.string() }),
  z.object({
    type: z.literal("usage"),
    id: z.string(),
    model: z.string(),
    input_tokens: z.number(),
    output_tokens: z.number(),
    cache_read_input_tokens: z.number().nullish(),
    cache_creation_input_tokens: z.number().nullish(),
  }),
  z.object({
    type: z.literal("result"),
    ok: z.boolean(),
    reason: z.enum(["done", "max-turns", "api-error"]),
    status: z.number().optional(),
    text: z.string(),
    turns: z.number(),
  }),
]);

type AgentLine = z.infer<typeof lineSchema>;

/** The longest output of a tool that is shown, in characters. */
const shownOutput = 4000;

/** The agent's lines as events. A line that the agent did not write is passed on unchanged; a call that never ended gets an end. */
export async function* parseEvents(lines: AsyncIterable<HarnessLine>): AsyncGenerator<HarnessEvent> {
  const open = new Set<string>();
  let ended = false;
  for await (const { stream, line } of lines) {
    const said = stream === "stdout" ? readLine(line) : undefined;
    if (said === undefined || ended) {
      yield { type: "harness.raw", stream, line };
      continue;
    }
    if (said.type === "tool") open.add(said.id);
    if (said.type === "tool-end") open.delete(said.id);
    // At most one result: what a program inside prints after it, in its form, is no word of the agent's.
    ended = said.type === "result";
    yield* eventsOf(said);
  }
  for (const callId of open) yield { type: "tool.end", callId, status: "interrupted", output: "" };
}

function readLine(line: string): AgentLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    // No JSON: passed on as it is.
    return undefined;
  }
}

function eventsOf(line: AgentLine): readonly HarnessEvent[] {
  switch (line.type) {
    case "start": {
      const none = { agents: [], commands: [], skills: [], mcpServers: [] };
      return [{ type: "harness.session", sessionId: "small-agent", model: line.model, tools: line.tools, ...none }];
    }
    case "text":
      return [
        { type: "text.delta", messageId: line.id, text: line.text },
        { type: "message.end", messageId: line.id, role: "assistant", text: line.text },
      ];
    case "tool":
      return [{ type: "tool.start", callId: line.id, name: line.name, input: line.input }];
    case "tool-end": {
      const output = line.output.slice(-shownOutput);
      return [{ type: "tool.end", callId: line.id, status: line.ok ? "ok" : "error", output }];
    }
    case "usage":
      return [
        {
          type: "usage",
          messageId: line.id,
          model: line.model,
          input: line.input_tokens,
          output: line.output_tokens,
          cacheRead: line.cache_read_input_tokens ?? 0,
          cacheWrite: line.cache_creation_input_tokens ?? 0,
          source: "harness",
        },
      ];
    case "result":
      return [
        {
          type: "harness.result",
          ok: line.ok,
          reason: line.reason,
          message: line.text,
          turns: line.turns,
          ...(line.status === undefined ? {} : { apiStatus: line.status }),
        },
      ];
  }
}
