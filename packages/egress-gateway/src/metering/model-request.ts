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
  /** Whether it holds a PDF, or what the API fetches by an address or an id: the weight does not tell what that costs. */
  readonly isReferring: boolean;
  /** Whether the API uses tools of its own, so that the input grows while it answers. */
  readonly isGrowing: boolean;
}

/** The most that an image weighs: 5,000 tokens, however many bytes it has. */
const imageWeight = 20_000;
/** Far more than a conversation has. Each may take a hundred bytes of memory, and a microsecond. */
const mostValues = 1_000_000;
const [quote, comma, bracket, brace, backslash] = Buffer.from('",[{\\');
/** The tools that the harness runs, and not the API. */
const ownTools = /^(custom|bash|computer|memory|text_editor)(_|$)/;

/** Reads a request of Anthropic's Messages API. Absent when it names no model, or is too much to be read. */
export function readModelRequest(body: Buffer): ModelRequest | undefined {
  if (holdsMoreValues(body, mostValues)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    // What is no JSON names no model.
    return undefined;
  }
  const { model, speed, stream, max_tokens: maxTokens, messages, tools, mcp_servers: servers } = jsonObject(value);
  if (typeof model !== "string" || model === "") return undefined;
  const sources = sourcesOf(messages);
  return {
    model,
    speed: typeof speed === "string" && speed !== "standard" ? speed : undefined,
    isStreamed: stream === true,
    maxTokens: typeof maxTokens === "number" && maxTokens > 0 ? maxTokens : 0,
    weight: body.length - imageExcess(sources),
    isReferring: sources.some(isReference),
    isGrowing: servers !== undefined || objectsOf(tools).some(({ type = "custom" }) => !ownTools.test(String(type))),
  };
}

/** Whether JSON holds more than `most` values, as far as can be counted without parsing it. */
function holdsMoreValues(body: Buffer, most: number): boolean {
  let values = 0;
  let isText = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (isText && byte === backslash) at += 1;
    else if (byte === quote) isText = !isText;
    else if (!isText && (byte === comma || byte === bracket || byte === brace)) values += 1;
    if (values > most) return true;
  }
  return false;
}

interface Sourced {
  readonly type: unknown;
  readonly source: ReturnType<typeof jsonObject>;
}

/** What is no text: in a message, or in what a tool gave back. */
function sourcesOf(messages: unknown): Sourced[] {
  const blocks = objectsOf(messages).flatMap(({ content }) => objectsOf(content));
  const inner = blocks.flatMap(({ type, content }) => (type === "tool_result" ? objectsOf(content) : []));
  return [...blocks, ...inner].flatMap(({ type, source }) =>
    typeof source === "object" && source !== null ? [{ type, source: jsonObject(source) }] : [],
  );
}

/** A page of a PDF costs what an image does, and may have a few bytes. */
function isReference({ type, source }: Sourced): boolean {
  const isWhole = type === "image" ? source.type === "base64" : source.type === "text" || source.type === "content";
  return !isWhole;
}

/** The bytes of images that cost nothing. */
function imageExcess(sources: readonly Sourced[]): number {
  let excess = 0;
  for (const { type, source } of sources) {
    if (type === "image" && typeof source.data === "string") excess += Math.max(0, source.data.length - imageWeight);
  }
  return excess;
}

function objectsOf(value: unknown): ReturnType<typeof jsonObject>[] {
  return Array.isArray(value) ? value.map(jsonObject) : [];
}
