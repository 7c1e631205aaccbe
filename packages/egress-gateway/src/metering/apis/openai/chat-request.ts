import { inputWeight } from "../../input-weight.ts";
import { type JsonObject, jsonObject } from "../../json-object.ts";
import { countOf, type ModelRequest, parseRequest } from "../../model-request.ts";
import { hasOtherFields, openaiImageTokens, readOpenaiContent, retentionSurcharge, speedOf } from "./openai-content.ts";

/** The fields that do not add to what a request uses. Any other may let the API do work of its own. */
const knownFields = new Set([
  ...["model", "messages", "tools", "tool_choice", "parallel_tool_calls", "functions", "function_call", "stream"],
  ...["stream_options", "max_tokens", "max_completion_tokens", "n", "temperature", "top_p", "top_k", "min_p", "stop"],
  ...["seed", "frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias", "logprobs", "top_logprobs"],
  ...[
    "response_format",
    "reasoning_effort",
    "reasoning",
    "thinking",
    "enable_thinking",
    "thinking_budget",
    "verbosity",
  ],
  ...["chat_template_kwargs", "store", "metadata", "user", "safety_identifier", "prompt_cache_key"],
  ...["prompt_cache_retention", "service_tier", "modalities", "audio", "prediction"],
]);

/** Reads a request of OpenAI's Chat Completions API. Absent when it cannot be read, or names no model. */
export function readChatRequest(body: Buffer): ModelRequest | undefined {
  const request = parseRequest(body);
  if (request === undefined || typeof request.model !== "string" || request.model === "") return undefined;
  // Some servers take a number that is written as a text.
  const counts = [request.n, request.max_completion_tokens, request.max_tokens];
  if (counts.some((count) => isSet(count) && typeof count !== "number")) return undefined;
  const content = readOpenaiContent(request.messages);
  const isGrowing = hasOwnTools(request) || hasOtherFields(request, knownFields) || isSet(request.prediction);
  const answers = countOf(request.n) ?? 1;
  // A server may read only one of the two.
  const bounds = [request.max_completion_tokens, request.max_tokens].flatMap((bound) => countOf(bound) ?? []);
  const maxTokens = bounds.length === 0 ? undefined : Math.max(...bounds);
  return {
    model: request.model,
    speed: speedOf(request.service_tier),
    isStreamed: request.stream === true,
    maxTokens: maxTokens === undefined ? undefined : maxTokens * answers,
    answers,
    ...inputWeight({
      bytes: body.length,
      imageBytes: content.imageBytes,
      imageTokens: openaiImageTokens,
      added: isSet(request.response_format) ? 1 : 0,
      isUnbounded: content.isReferring || isGrowing,
    }),
    isGrowing,
    surcharge: content.hasAudio || asksForAudio(request) ? "audio" : retentionSurcharge(request),
    unmetered: undefined,
  };
}

function hasOwnTools({ tools }: JsonObject): boolean {
  return Array.isArray(tools) && tools.some((tool) => !/^(function|custom)$/.test(String(jsonObject(tool).type)));
}

function asksForAudio({ modalities, audio }: JsonObject): boolean {
  return isSet(audio) || (Array.isArray(modalities) && modalities.some((one) => one !== "text"));
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
