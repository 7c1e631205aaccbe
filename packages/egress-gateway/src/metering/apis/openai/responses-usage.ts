import { CountedAnswer } from "../../answer/counted-answer.ts";
import { numberOf, textBytes } from "../../answer/usage-counter.ts";
import { type JsonObject, jsonObject } from "../../json-object.ts";
import { speedOf } from "./openai-content.ts";

/** Reads the usage of an answer of OpenAI's Responses API, which counts it once, at the end. */
export class ResponsesUsage extends CountedAnswer {
  event(value: unknown): void {
    const { type, response, delta } = jsonObject(value);
    if (typeof delta === "string") this.counter.addText(Buffer.byteLength(delta));
    if (typeof response !== "object" || response === null) return;
    this.#read(response as JsonObject, /^response\.(completed|incomplete|failed|cancelled)$/.test(String(type)));
  }

  whole(value: unknown): void {
    const { output } = jsonObject(value);
    for (const item of Array.isArray(output) ? output.map(jsonObject) : []) {
      const parts = Array.isArray(item.content) ? item.content.map((part) => jsonObject(part).text) : [];
      this.counter.addText(textBytes([parts, item.arguments, item.input, item.summary]));
    }
    this.#read(jsonObject(value), true);
  }

  #read({ id, model, usage, service_tier: tier, output }: JsonObject, isEnd: boolean): void {
    this.counter.start(id, model);
    if (typeof tier === "string") this.counter.speed = speedOf(tier);
    if (typeof usage !== "object" || usage === null) return;
    const { input_tokens: input, output_tokens: written, total_tokens: total, ...rest } = usage as JsonObject;
    const { cached_tokens: cached, cache_write_tokens: cacheWrite } = jsonObject(rest.input_tokens_details);
    const [cacheRead, cacheWritten] = [numberOf(cached), numberOf(cacheWrite)];
    this.counter.count({
      input: Math.max(0, numberOf(input) - cacheRead - cacheWritten),
      output: Math.max(numberOf(written), numberOf(total) - numberOf(input)),
      cacheRead,
      cacheWrite: cacheWritten,
      webSearches: Array.isArray(output)
        ? output.filter((item) => jsonObject(item).type === "web_search_call").length
        : 0,
    });
    this.endIf(isEnd && this.counter.hasStarted);
  }
}
