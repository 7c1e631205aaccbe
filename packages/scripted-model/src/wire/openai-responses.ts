import { z } from "zod";
import type { ScriptTurn } from "../script.ts";
import { type AnswerIdentity, answerTokens, bearerOf, type ModelWire } from "./model-wire.ts";
import { openaiError } from "./openai-error.ts";
import { itemEvents, type ResponseEvent } from "./response-events.ts";
import { type OfferedTool, responseItems } from "./response-items.ts";
import { responseTurns } from "./response-turns.ts";

const toolSchema = z.object({ type: z.string(), name: z.string().optional() });
const toolsSchema = z.array(toolSchema.extend({ tools: z.array(toolSchema).optional() })).nullish();

const bodySchema = z.object({
  model: z.string(),
  stream: z.boolean().nullish(),
  max_output_tokens: z.number().nullish(),
  input: z.union([
    z.string(),
    z.array(
      z.object({
        type: z.string().optional(),
        role: z.string().optional(),
        content: z.unknown().optional(),
        id: z.string().nullish(),
        call_id: z.string().optional(),
        tools: toolsSchema,
      }),
    ),
  ]),
  tools: toolsSchema,
  text: z.object({ format: z.object({ type: z.string() }).nullish() }).nullish(),
});

type Body = z.infer<typeof bodySchema>;

const created = 1_790_000_000;

/** OpenAI's Responses API. */
export const openaiResponses: ModelWire = {
  keyOf: bearerOf,
  read: (value) => {
    const body = bodySchema.parse(value);
    const messages =
      typeof body.input === "string" ? [{ role: "user", content: body.input }] : responseTurns(body.input);
    const first = messages.findIndex(({ role }) => role === "assistant");
    const before = messages.slice(0, first < 0 ? undefined : first).filter(({ role }) => role === "user");
    const tools = offeredTools(body).map(({ name }) => name);
    return {
      api: "openai-responses",
      model: body.model,
      stream: body.stream ?? false,
      messages,
      tools,
      maxTokens: body.max_output_tokens ?? undefined,
      opening: JSON.stringify(before.map(({ content }) => content)),
      isSide: tools.length === 0,
      wantsJson: body.text?.format?.type.startsWith("json") ?? false,
    };
  },
  answer: (turn, identity, body) => responseOf(turn, identity, bodySchema.parse(body)),
  chunks: (turn, identity, body) => {
    const response = responseOf(turn, identity, bodySchema.parse(body));
    const started = { ...response, status: "in_progress", output: [], usage: null };
    const events: ResponseEvent[] = [
      { type: "response.created", response: started },
      { type: "response.in_progress", response: started },
      ...response.output.flatMap((item, index) => itemEvents(item, index)),
      { type: "response.completed", response },
    ];
    return events.map((event, index) => {
      return `event: ${event.type}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`;
    });
  },
  error: openaiError,
};

function responseOf(turn: ScriptTurn, identity: AnswerIdentity, body: Body) {
  const { input, output, cacheRead, cacheWrite, reasoning } = answerTokens(turn, identity);
  return {
    id: `resp_${identity.key}`,
    object: "response",
    created_at: created,
    status: "completed",
    error: null,
    incomplete_details: null,
    model: identity.model,
    output: responseItems(turn, identity, offeredTools(body)),
    parallel_tool_calls: true,
    previous_response_id: null,
    store: false,
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cacheRead, ...(cacheWrite > 0 && { cache_write_tokens: cacheWrite }) },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: reasoning },
      total_tokens: input + output,
    },
  };
}

/** Tools of the API's own have no name; those of a namespace are inside it. The input may hold further ones. */
function offeredTools({ tools, input }: Body): OfferedTool[] {
  const further = typeof input === "string" ? [] : input.flatMap((item) => item.tools ?? []);
  return [...(tools ?? []), ...further].flatMap((tool) => {
    const inner = tool.type === "namespace" ? (tool.tools ?? []) : [tool];
    const namespace = tool.type === "namespace" ? tool.name : undefined;
    return inner.flatMap(({ type, name = type }) => ({ name, isCustom: type === "custom", namespace }));
  });
}
