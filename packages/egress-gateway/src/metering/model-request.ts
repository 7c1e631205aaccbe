import { holdsMoreValues, namesTwice } from "./json-bytes.ts";
import { type JsonObject, jsonObject } from "./json-object.ts";
import { readContent } from "./request-content.ts";

/** What is read of a request to a model. */
export interface ModelRequest {
  readonly model: string;
  readonly speed: string | undefined;
  readonly isStreamed: boolean;
  /** The most output that it asks for, in tokens. Absent where it does not say: the API refuses such a request. */
  readonly maxTokens: number | undefined;
  /** What its input weighs, in bytes of text: its size, but for images. */
  readonly weight: number;
  /** The most tokens that its input can be, as long as the API adds nothing to it while it answers. */
  readonly mostInputTokens: number;
  /** Whether the API itself asks models or uses tools, so that the input grows while it answers. */
  readonly isGrowing: boolean;
  /** Whether it asks for a region, for which the API charges more than its prices say. */
  readonly hasSurcharge: boolean;
}

/** The most that an image weighs: 5,000 tokens, however many bytes it has. */
const imageWeight = 20_000;
const imageTokens = 5000;
/** The most tokens that a model reads. */
const largestContext = 1_000_000;
/** More than what the API adds for tools, for each kind of tool that it describes itself, and for a form of the answer. */
const addedTokens = 1000;
/** Far more than a conversation has. Each may take a hundred bytes of memory, and a microsecond. */
const mostValues = 1_000_000;

/**
 * Reads a request of Anthropic's Messages API. Absent when it names no model, names something twice, so that the API may read
 * it in another way, or is too much to be read.
 */
export function readModelRequest(body: Buffer): ModelRequest | undefined {
  if (holdsMoreValues(body, mostValues)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    // What is no JSON names no model.
    return undefined;
  }
  if (namesTwice(body, value)) return undefined;
  const request = jsonObject(value);
  const { model, speed, stream, max_tokens: maxTokens, tools, output_config: output, output_format: format } = request;
  if (typeof model !== "string" || model === "") return undefined;
  const content = readContent(request);
  const hasForm = format !== undefined || jsonObject(output).format !== undefined;
  const added = (Array.isArray(tools) ? 1 : 0) + (hasForm ? 1 : 0) + content.describedTools;
  const imageExcess = content.imageBytes.reduce((sum, bytes) => sum + Math.max(0, bytes - imageWeight), 0);
  const imageBytes = content.imageBytes.reduce((sum, bytes) => sum + bytes, 0);
  const text = body.length - imageBytes + content.imageBytes.length * imageTokens + added * addedTokens;
  const isGrowing = content.isGrowing || growsBySetting(request);
  return {
    model,
    speed: typeof speed === "string" && speed !== "standard" ? speed : undefined,
    isStreamed: stream === true,
    maxTokens: Number.isSafeInteger(maxTokens) && Number(maxTokens) > 0 ? Number(maxTokens) : undefined,
    weight: body.length - imageExcess,
    mostInputTokens: content.isReferring || isGrowing ? largestContext : Math.min(text, largestContext),
    isGrowing,
    hasSurcharge: ![undefined, null, "global"].includes(request.inference_geo as string | null | undefined),
  };
}

/** Servers of tools, containers, and whatever is done to a conversation but for what is cleared from it. */
function growsBySetting({ mcp_servers: servers, container, context_management: management }: JsonObject): boolean {
  if (servers !== undefined || (container !== undefined && container !== null)) return true;
  const { edits } = jsonObject(management);
  return Array.isArray(edits) && edits.some((edit) => !String(jsonObject(edit).type).startsWith("clear_"));
}
