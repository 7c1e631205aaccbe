import { inputWeight } from "../../input-weight.ts";
import { type JsonObject, jsonObject } from "../../json-object.ts";
import { countOf, type ModelRequest, parseRequest } from "../../model-request.ts";
import { readContent } from "./request-content.ts";

/** The most tokens that an image is, however many bytes it has. */
const imageTokens = 5000;

/**
 * Reads a request of Anthropic's Messages API. Absent when it cannot be read, or names no model. `target`: what the path says
 * instead of the body.
 */
export function readMessagesRequest(
  body: Buffer,
  target?: { readonly model: string; readonly isStreamed: boolean },
): ModelRequest | undefined {
  const request = parseRequest(body);
  if (request === undefined) return undefined;
  const {
    model = target?.model,
    speed,
    stream,
    max_tokens: maxTokens,
    tools,
    output_config: output,
    output_format: format,
  } = request;
  if (typeof model !== "string" || model === "") return undefined;
  if (target !== undefined && model !== target.model) return undefined;
  const content = readContent(request);
  const hasForm = format !== undefined || jsonObject(output).format !== undefined;
  const isGrowing = content.isGrowing || growsBySetting(request);
  const hasRegion = ![undefined, null, "global"].includes(request.inference_geo as string | null | undefined);
  return {
    model,
    speed: typeof speed === "string" && speed !== "standard" ? speed : undefined,
    isStreamed: target?.isStreamed ?? stream === true,
    maxTokens: countOf(maxTokens),
    answers: 1,
    ...inputWeight({
      bytes: body.length,
      imageBytes: content.imageBytes,
      imageTokens,
      added: (Array.isArray(tools) ? 1 : 0) + (hasForm ? 1 : 0) + content.describedTools,
      isUnbounded: content.isReferring || isGrowing,
    }),
    isGrowing,
    surcharge: hasRegion ? "a region (leave inference_geo out)" : undefined,
    unmetered: undefined,
  };
}

/** Servers of tools, containers, and whatever is done to a conversation but for what is cleared from it. */
function growsBySetting({ mcp_servers: servers, container, context_management: management }: JsonObject): boolean {
  if (servers !== undefined || (container !== undefined && container !== null)) return true;
  const { edits } = jsonObject(management);
  return Array.isArray(edits) && edits.some((edit) => !String(jsonObject(edit).type).startsWith("clear_"));
}
