import { CountedAnswer } from "../../answer/counted-answer.ts";
import { numberOf, textBytes } from "../../answer/usage-counter.ts";
import { type JsonObject, jsonObject } from "../../json-object.ts";

/** Reads the usage of an answer of Gemini's API: every chunk of a stream may have all that was used so far. */
export class GenerateUsage extends CountedAnswer {
  event(value: unknown): void {
    const { candidates, usageMetadata, modelVersion, responseId, promptFeedback, serviceTier } = jsonObject(value);
    if (candidates === undefined && usageMetadata === undefined) return;
    this.counter.start(responseId, modelVersion);
    if (typeof serviceTier === "string" && !/standard|unspecified/i.test(serviceTier)) {
      this.counter.speed = serviceTier.toLowerCase();
    }
    const answers = Array.isArray(candidates) ? candidates.map(jsonObject) : [];
    for (const { content } of answers) this.counter.addText(textBytes(jsonObject(content).parts));
    const webSearches = Math.max(0, ...answers.map(searchesOf));
    this.counter.count({ webSearches }, false);
    if (typeof usageMetadata !== "object" || usageMetadata === null) return;
    this.#count(usageMetadata as JsonObject);
    const hasEnded = answers.some(({ finishReason }) => typeof finishReason === "string");
    this.endIf(hasEnded || typeof jsonObject(promptFeedback).blockReason === "string");
  }

  /** One answer, or the array of chunks that a stream is without `alt=sse`. */
  whole(value: unknown): void {
    for (const one of Array.isArray(value) ? value : [value]) this.event(one);
    this.endIf(this.counter.isInputCounted);
  }

  #count(usage: JsonObject): void {
    const cacheRead = numberOf(usage.cachedContentTokenCount);
    const prompt = numberOf(usage.promptTokenCount);
    const tools = numberOf(usage.toolUsePromptTokenCount);
    const written = numberOf(usage.candidatesTokenCount) + numberOf(usage.thoughtsTokenCount);
    const output = Math.max(written, numberOf(usage.totalTokenCount) - prompt - tools);
    this.counter.count({ input: Math.max(0, prompt - cacheRead) + tools, output, cacheRead }, output > 0);
  }
}

function searchesOf({ groundingMetadata }: JsonObject): number {
  const { webSearchQueries } = jsonObject(groundingMetadata);
  return Array.isArray(webSearchQueries) ? webSearchQueries.length : 0;
}
