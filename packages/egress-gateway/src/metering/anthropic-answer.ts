import { createParser } from "eventsource-parser";
import type { AnswerUsage } from "./answer-usage.ts";
import { type JsonObject, jsonObject } from "./json-object.ts";

/** The most of an answer that is held to be read: one event of a stream, or a whole answer without one. */
const maxBufferedLength = 16 * 1024 * 1024;
/** How many bytes of text make a token, for what the API has not counted yet. */
const bytesPerToken = 4;

type Counted = Omit<AnswerUsage, "messageId" | "model" | "speed">;

const nothing: Counted = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWriteHour: 0, webSearches: 0 };

/**
 * Reads the usage of an answer of Anthropic's Messages API as its bytes pass. A stream says the input when it starts and
 * the output when it ends: between the two, the output is estimated from the text.
 */
export class AnthropicAnswer {
  readonly #decoder = new TextDecoder();
  readonly #take: (text: string) => void;
  readonly #finish: () => void;
  #message: Pick<AnswerUsage, "messageId" | "model"> | undefined;
  #speed: string | undefined;
  #counted = nothing;
  /** What the API asked of models on its own: to compact the conversation, to advise. Its counts leave it out. */
  #beside: readonly AnswerUsage[] = [];
  /** Text that came after the last count. */
  #uncountedBytes = 0;
  /** Past the bound of what is held: what follows is only weighed. */
  #isBlind = false;
  #isFinal = false;

  constructor(kind: "stream" | "json") {
    if (kind === "stream") {
      const parser = createParser({
        maxBufferSize: maxBufferedLength,
        onEvent: ({ data }) => this.#event(data),
        onError: ({ type }) => {
          this.#isBlind ||= type === "max-buffer-size-exceeded";
        },
      });
      this.#take = (text) => parser.feed(text);
      this.#finish = () => {};
    } else {
      let body = "";
      this.#take = (text) => {
        body += text;
        this.#isBlind = body.length > maxBufferedLength;
        if (this.#isBlind) body = "";
      };
      this.#finish = () => {
        this.#start(parse(body));
        this.#isFinal = this.#message !== undefined;
      };
    }
  }

  /** Whether the API has counted the whole answer: nothing that it thinks or writes is missing from `usages`. */
  get isFinal(): boolean {
    return this.#isFinal;
  }

  /** What was used so far: by the answer, then by what the API did beside it. Empty before the API has said anything. */
  get usages(): readonly AnswerUsage[] {
    if (this.#message === undefined) return [];
    const output = this.#counted.output + Math.ceil(this.#uncountedBytes / bytesPerToken);
    return [{ ...this.#message, speed: this.#speed, ...this.#counted, output }, ...this.#beside];
  }

  push(chunk: Uint8Array): void {
    if (this.#isBlind) this.#uncountedBytes += chunk.length;
    else this.#take(this.#decoder.decode(chunk, { stream: true }));
  }

  /** Nothing follows. */
  end(): void {
    this.#finish();
  }

  #event(data: string): void {
    const event = parse(data);
    if (event.type === "message_start") this.#start(jsonObject(event.message));
    else if (event.type === "message_delta") {
      this.#count(event.usage);
      this.#isFinal = this.#message !== undefined && "output_tokens" in jsonObject(event.usage);
    } else if (event.type === "content_block_delta") {
      for (const part of Object.values(jsonObject(event.delta))) {
        if (typeof part === "string") this.#uncountedBytes += Buffer.byteLength(part);
      }
    }
  }

  #start(message: JsonObject): void {
    if (typeof message.model !== "string") return;
    this.#message = { messageId: textOf(message.id), model: message.model };
    this.#count(message.usage);
  }

  /** Counts are cumulative; what a later one leaves out stays as it was. */
  #count(value: unknown): void {
    const usage = jsonObject(value);
    const { speed } = usage;
    if (typeof speed === "string") this.#speed = speed === "standard" ? undefined : speed;
    this.#counted = countsOf(usage, this.#counted);
    if ("output_tokens" in usage) this.#uncountedBytes = 0;
    if (Array.isArray(usage.iterations)) {
      this.#beside = usage.iterations.map(jsonObject).flatMap((one) => this.#besideOf(one));
    }
  }

  #besideOf(iteration: JsonObject): AnswerUsage[] {
    if (this.#message === undefined || iteration.type === "message") return [];
    const model = textOf(iteration.model) ?? this.#message.model;
    return [{ ...this.#message, model, speed: undefined, ...countsOf(iteration, nothing) }];
  }
}

function countsOf(usage: JsonObject, before: Counted): Counted {
  const most = (field: keyof Counted, count: unknown) => Math.max(before[field], numberOf(count));
  return {
    input: most("input", usage.input_tokens),
    output: most("output", usage.output_tokens),
    cacheRead: most("cacheRead", usage.cache_read_input_tokens),
    cacheWrite: most("cacheWrite", usage.cache_creation_input_tokens),
    cacheWriteHour: most("cacheWriteHour", jsonObject(usage.cache_creation).ephemeral_1h_input_tokens),
    webSearches: most("webSearches", jsonObject(usage.server_tool_use).web_search_requests),
  };
}

function parse(text: string): JsonObject {
  try {
    return jsonObject(JSON.parse(text));
  } catch {
    // What is no JSON says nothing about its use.
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
