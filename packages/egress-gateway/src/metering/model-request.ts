import { jsonObject } from "./json-object.ts";

/** What is read of a request to a model. */
export interface ModelRequest {
  readonly model: string;
  readonly speed: string | undefined;
  readonly isStreamed: boolean;
  /** The most output that it asks for, in tokens. */
  readonly maxTokens: number;
  /** What its input weighs, in bytes of text: its size, but for images. */
  readonly weight: number;
}

/** The most that an image weighs: 5,000 tokens, however many bytes it has. */
const imageWeight = 20_000;

/** Reads a request of Anthropic's Messages API. Absent when it names no model. */
export function readModelRequest(body: Buffer): ModelRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    // What is no JSON names no model.
    return undefined;
  }
  const { model, speed, stream, max_tokens: maxTokens, messages } = jsonObject(value);
  if (typeof model !== "string" || model === "") return undefined;
  return {
    model,
    speed: typeof speed === "string" && speed !== "standard" ? speed : undefined,
    isStreamed: stream === true,
    maxTokens: typeof maxTokens === "number" && maxTokens > 0 ? maxTokens : 0,
    weight: body.length - imageExcess(messages),
  };
}

/** The bytes of images that cost nothing: those of a message, and those that a tool gave back. */
function imageExcess(messages: unknown): number {
  const blocks = objectsOf(messages).flatMap(({ content }) => objectsOf(content));
  const inner = blocks.flatMap(({ type, content }) => (type === "tool_result" ? objectsOf(content) : []));
  let excess = 0;
  for (const { type, source } of [...blocks, ...inner]) {
    const { data } = jsonObject(source);
    if (type === "image" && typeof data === "string") excess += Math.max(0, data.length - imageWeight);
  }
  return excess;
}

function objectsOf(value: unknown): ReturnType<typeof jsonObject>[] {
  return Array.isArray(value) ? value.map(jsonObject) : [];
}
