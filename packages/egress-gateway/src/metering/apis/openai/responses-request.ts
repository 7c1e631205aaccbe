import { inputWeight } from "../../input-weight.ts";
import { type JsonObject, jsonObject } from "../../json-object.ts";
import { countOf, type ModelRequest, parseRequest } from "../../model-request.ts";
import { hasOtherFields, openaiImageTokens, readOpenaiContent, retentionSurcharge, speedOf } from "./openai-content.ts";

/** The fields that do not add to what a request uses. Any other may let the API do work of its own. */
const knownFields = new Set([
  ...["model", "input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "max_output_tokens", "stream"],
  ...["stream_options", "store", "include", "reasoning", "text", "temperature", "top_p", "top_logprobs", "truncation"],
  ...["metadata", "client_metadata", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"],
  ...["service_tier", "background", "previous_response_id", "conversation", "max_tool_calls", "prompt_cache_options"],
]);
/** The tools that the harness runs, and not the API. */
const harnessTool = /^(function|custom|local_shell|apply_patch|computer|computer_use_preview)$/;
/** The items of a conversation. Anything else may make the API do work of its own. */
const knownItem =
  /^(message|reasoning|item_reference|compaction|additional_tools|web_search_call|(function|custom_tool|local_shell|shell|apply_patch|computer|tool_search)_(call|output)(_output)?)$/;
/** The tools of the API's own that cost more than tokens. */
const chargedTool = /^(file_search|code_interpreter|image_generation|shell|web_search_preview)/;

/** Reads a request of OpenAI's Responses API. Absent when it cannot be read, or names no model. */
export function readResponsesRequest(body: Buffer): ModelRequest | undefined {
  const request = parseRequest(body);
  if (request === undefined || typeof request.model !== "string" || request.model === "") return undefined;
  const content = readOpenaiContent(request.input);
  const items = Array.isArray(request.input) ? request.input.map(jsonObject) : [];
  const tools = readTools([request.tools, ...items.map((item) => item.tools)]);
  const hasForm = jsonObject(jsonObject(request.text).format).type !== undefined;
  const isGrowing = tools.isGrowing || growsBySetting(request) || items.some((item) => !isKnownItem(item));
  const isReferring = content.isReferring || isSet(request.previous_response_id) || isSet(request.conversation);
  return {
    model: request.model,
    speed: speedOf(request.service_tier),
    isStreamed: request.stream === true,
    maxTokens: countOf(request.max_output_tokens),
    answers: 1,
    ...inputWeight({
      bytes: body.length,
      imageBytes: content.imageBytes,
      imageTokens: openaiImageTokens,
      added: tools.described + (hasForm ? 1 : 0),
      isUnbounded: isReferring || isGrowing,
    }),
    isGrowing,
    surcharge: content.hasAudio ? "audio" : (tools.surcharge ?? retentionSurcharge(request)),
    unmetered:
      request.background === true
        ? "background: its answer comes after this request (leave background out)"
        : undefined,
  };
}

function isKnownItem({ type = "message" }: JsonObject): boolean {
  return typeof type === "string" && knownItem.test(type);
}

/** Tools stand in the request, and in items of its conversation too. */
function readTools(lists: readonly unknown[]) {
  let described = 0;
  let isGrowing = false;
  let surcharge: string | undefined;
  const rest = lists.flatMap((list) => (Array.isArray(list) ? list.map(jsonObject) : []));
  for (let tool = rest.pop(); tool !== undefined; tool = rest.pop()) {
    const type = String(tool.type);
    if (type === "namespace") rest.push(...(Array.isArray(tool.tools) ? tool.tools.map(jsonObject) : []));
    if (type !== "function" && type !== "custom") described += 1;
    if (type === "namespace" || harnessTool.test(type) || isRunInside(tool)) continue;
    isGrowing = true;
    if (chargedTool.test(type)) surcharge = `the tool ${type.slice(0, 64)}`;
  }
  return { described, isGrowing, surcharge };
}

/** A tool of the API's that this request says the harness runs. */
function isRunInside({ type, environment, execution }: JsonObject): boolean {
  return (
    (type === "shell" && jsonObject(environment).type === "local") || (type === "tool_search" && execution === "client")
  );
}

/** Stored prompts, compaction, several agents, and whatever else the API may do beside the answer. */
function growsBySetting(request: JsonObject): boolean {
  const { mode } = jsonObject(request.reasoning);
  return hasOtherFields(request, knownFields) || (isSet(mode) && mode !== "standard");
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
