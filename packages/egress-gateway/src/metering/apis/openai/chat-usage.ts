import { CountedAnswer } from "../../answer/counted-answer.ts";
import { numberOf, textBytes } from "../../answer/usage-counter.ts";
import { type JsonObject, jsonObject } from "../../json-object.ts";
import { speedOf } from "./openai-content.ts";

/** Reads the usage of an answer of OpenAI's Chat Completions API: a stream reports it in a last chunk without choices. */
export class ChatUsage extends CountedAnswer {
  event(value: unknown): void {
    const chunk = jsonObject(value);
    const choices = Array.isArray(chunk.choices) ? chunk.choices.map(jsonObject) : undefined;
    if (choices === undefined) return;
    for (const { delta } of choices) this.counter.addText(writtenBytes(jsonObject(delta)));
    // Of several answers, some servers count each by itself when it ends.
    const isEnd =
      choices.length === 0 ||
      (this.answers === 1 && choices.some(({ finish_reason: reason }) => typeof reason === "string"));
    this.#read(chunk, isEnd);
  }

  whole(value: unknown): void {
    const answer = jsonObject(value);
    if (!Array.isArray(answer.choices)) return;
    for (const choice of answer.choices) this.counter.addText(writtenBytes(jsonObject(jsonObject(choice).message)));
    this.#read(answer, true);
  }

  #read({ id, model, usage, service_tier: tier }: JsonObject, isEnd: boolean): void {
    this.counter.start(id, model);
    if (typeof tier === "string") this.counter.speed = speedOf(tier);
    if (typeof usage !== "object" || usage === null) return;
    const { prompt_tokens: input, completion_tokens: written, total_tokens: total, ...rest } = usage as JsonObject;
    const { cached_tokens: cached, cache_write_tokens: cacheWrite } = jsonObject(rest.prompt_tokens_details);
    const cacheRead = Math.max(numberOf(cached), numberOf(rest.prompt_cache_hit_tokens));
    const cacheWritten = numberOf(cacheWrite);
    this.counter.count({
      input: Math.max(0, numberOf(input) - cacheRead - cacheWritten),
      // Some servers leave what the model thought out of the output, but not out of the total.
      output: Math.max(numberOf(written), numberOf(total) - numberOf(input)),
      cacheRead,
      cacheWrite: cacheWritten,
    });
    this.endIf(isEnd && this.counter.hasStarted);
  }
}

/** What the model wrote in a chunk, as servers call it. */
function writtenBytes({
  content,
  reasoning_content: thought,
  reasoning,
  refusal,
  tool_calls: calls,
  function_call: call,
}: JsonObject): number {
  const functions = Array.isArray(calls) ? calls.map((call) => jsonObject(call).function) : [];
  return textBytes([content, thought ?? reasoning, refusal, functions, call]);
}
