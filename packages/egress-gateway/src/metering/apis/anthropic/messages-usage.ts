import type { AnswerContext, AnswerCounts, AnswerUsage, UsageReader } from "../../answer/answer-usage.ts";
import { noCounts, numberOf, textBytes, UsageCounter } from "../../answer/usage-counter.ts";
import { type JsonObject, jsonObject } from "../../json-object.ts";

/**
 * Reads the usage of an answer of Anthropic's Messages API. A stream says the input when it starts and the output when it ends:
 * between the two, the output is estimated from the text.
 */
export class MessagesUsage implements UsageReader {
  readonly #counter: UsageCounter;
  /** What the API asked of models on its own: to compact the conversation, to advise. Its counts leave it out. */
  #beside: readonly AnswerUsage[] = [];
  readonly #model: string | undefined;
  #isFinal = false;

  /** `isNamedByRequest`: the price depends on the name that was asked for, not on the one in the answer. */
  constructor(context: AnswerContext, { isNamedByRequest = false }: { readonly isNamedByRequest?: boolean } = {}) {
    this.#model = isNamedByRequest ? context.model : undefined;
    // The message names its model, or it is no message.
    this.#counter = new UsageCounter({ ...context, model: undefined });
  }

  get isFinal(): boolean {
    return this.#isFinal;
  }

  /** A message that says nothing about its input has none. */
  get isInputCounted(): boolean {
    return this.#counter.hasStarted;
  }

  usages(unreadBytes: number): readonly AnswerUsage[] {
    const usage = this.#counter.usage(unreadBytes);
    return usage === undefined ? [] : [usage, ...this.#beside];
  }

  event(value: unknown): void {
    const event = jsonObject(value);
    if (event.type === "message_start") this.#start(jsonObject(event.message));
    else if (event.type === "message_delta") {
      this.#count(event.usage);
      this.#isFinal = this.#counter.hasStarted && "output_tokens" in jsonObject(event.usage);
    } else if (event.type === "content_block_delta") {
      for (const part of Object.values(jsonObject(event.delta))) {
        if (typeof part === "string") this.#counter.addText(Buffer.byteLength(part));
      }
    }
  }

  whole(value: unknown): void {
    const message = jsonObject(value);
    for (const block of Array.isArray(message.content) ? message.content.map(jsonObject) : []) {
      this.#counter.addText(textBytes([block.text, block.thinking, block.input]));
    }
    this.#start(message);
    this.#isFinal = this.#counter.hasStarted;
  }

  #start({ id, model, usage }: JsonObject): void {
    if (typeof model !== "string") return;
    this.#counter.start(id, this.#model ?? model);
    this.#count(usage);
  }

  #count(value: unknown): void {
    const usage = jsonObject(value);
    const { speed } = usage;
    if (typeof speed === "string") this.#counter.speed = speed === "standard" ? undefined : speed;
    this.#counter.count(countsOf(usage), "output_tokens" in usage);
    if (Array.isArray(usage.iterations)) {
      this.#beside = usage.iterations.map(jsonObject).flatMap((one) => this.#besideOf(one));
    }
  }

  #besideOf(iteration: JsonObject): AnswerUsage[] {
    const message = this.#counter.usage(0);
    if (message === undefined || iteration.type === "message") return [];
    const { messageId } = message;
    const model = typeof iteration.model === "string" ? iteration.model : message.model;
    return [{ messageId, model, speed: undefined, ...noCounts, ...countsOf(iteration) }];
  }
}

function countsOf(usage: JsonObject): AnswerCounts {
  return {
    input: numberOf(usage.input_tokens),
    output: numberOf(usage.output_tokens),
    cacheRead: numberOf(usage.cache_read_input_tokens),
    cacheWrite: numberOf(usage.cache_creation_input_tokens),
    cacheWriteHour: numberOf(jsonObject(usage.cache_creation).ephemeral_1h_input_tokens),
    webSearches: numberOf(jsonObject(usage.server_tool_use).web_search_requests),
  };
}
