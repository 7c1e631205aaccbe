import { z } from "zod";
import type { ScriptTurn } from "../script.ts";
import { type AnswerIdentity, answerTokens, bearerOf, type ModelWire } from "./model-wire.ts";
import { openaiError } from "./openai-error.ts";
import { pieces } from "./pieces.ts";

const bodySchema = z.object({
  model: z.string(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: z.number().nullish(),
  max_completion_tokens: z.number().nullish(),
  messages: z.array(
    z.object({ role: z.string(), content: z.unknown().optional(), tool_calls: z.unknown().optional() }),
  ),
  tools: z.array(z.object({ function: z.object({ name: z.string() }).optional() })).nullish(),
  response_format: z.object({ type: z.string() }).nullish(),
});

const created = 1_790_000_000;

/** OpenAI's Chat Completions API. */
export const openaiChat: ModelWire = {
  keyOf: bearerOf,
  read: (value) => {
    const body = bodySchema.parse(value);
    const tools = (body.tools ?? []).flatMap(({ function: tool }) => tool?.name ?? []);
    const first = body.messages.findIndex(({ role }) => role === "assistant");
    const before = body.messages.slice(0, first < 0 ? undefined : first).filter(({ role }) => role === "user");
    return {
      api: "openai-chat",
      model: body.model,
      stream: body.stream ?? false,
      messages: body.messages.map((message) => ({ ...message, content: message.content })),
      tools,
      maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
      opening: JSON.stringify(before.map(({ content }) => content)),
      isSide: tools.length === 0,
      wantsJson: body.response_format?.type.startsWith("json") ?? false,
    };
  },
  answer: (turn, identity) => ({
    ...headOf("chat.completion", identity),
    choices: [{ index: 0, message: messageOf(turn, identity), logprobs: null, finish_reason: finishOf(turn) }],
    usage: usageOf(turn, identity),
  }),
  chunks: (turn, identity, body) => {
    const withUsage = bodySchema.parse(body).stream_options?.include_usage === true;
    const head = headOf("chat.completion.chunk", identity);
    const usage = withUsage ? { usage: null } : {};
    const chunk = (delta: object, finish: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...usage,
    });
    const deltas = deltasOf(turn, identity).map((delta) => chunk(delta));
    const chunks: object[] = [chunk({ role: "assistant", content: "" }), ...deltas, chunk({}, finishOf(turn))];
    if (withUsage) chunks.push({ ...head, choices: [], usage: usageOf(turn, identity) });
    return [...chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`), "data: [DONE]\n\n"];
  },
  error: openaiError,
};

function headOf(object: string, { key, model }: AnswerIdentity) {
  return { id: `chatcmpl-${key}`, object, created, model, service_tier: "default", system_fingerprint: "fp_scripted" };
}

function finishOf(turn: ScriptTurn): string {
  return turn.tools?.length ? "tool_calls" : "stop";
}

function messageOf(turn: ScriptTurn, identity: AnswerIdentity) {
  const calls = callsOf(turn, identity);
  return {
    role: "assistant",
    content: turn.text ?? null,
    refusal: null,
    ...(turn.thinking === undefined ? {} : { reasoning_content: turn.thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function callsOf(turn: ScriptTurn, { key }: AnswerIdentity) {
  return (turn.tools ?? []).map(({ name, input }, index) => ({
    id: `call_${key}_${index}`,
    type: "function",
    function: { name, arguments: JSON.stringify(input) },
  }));
}

function deltasOf(turn: ScriptTurn, identity: AnswerIdentity): object[] {
  const deltas: object[] = pieces(turn.thinking ?? "").map((text) => ({ reasoning_content: text }));
  for (const text of pieces(turn.text ?? "")) deltas.push({ content: text });
  for (const [index, call] of callsOf(turn, identity).entries()) {
    deltas.push({ tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: "" } }] });
    for (const part of pieces(call.function.arguments)) {
      deltas.push({ tool_calls: [{ index, function: { arguments: part } }] });
    }
  }
  return deltas;
}

function usageOf(turn: ScriptTurn, identity: AnswerIdentity) {
  const { input, output, cacheRead, reasoning } = answerTokens(turn, identity);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cacheRead, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
  };
}
