import { type JsonObject, jsonObject } from "../../json-object.ts";

const imagePart = /^(image_url|input_image|computer_screenshot)$/;
/** The parts whose bytes tell how long they are. */
const knownPart =
  /^(text|(input|output|summary|reasoning)_text|refusal|encrypted_content|image_url|input_image|computer_screenshot)$/;

/** What the messages of a request hold beside text. */
export interface OpenaiContent {
  /** How long each image is that the request itself holds, as base64. */
  readonly imageBytes: readonly number[];
  /** Whether it holds a file, or what the API fetches by an address or an id: its bytes do not tell what that costs. */
  readonly isReferring: boolean;
  readonly hasAudio: boolean;
}

/**
 * Reads the parts of messages, and of what tools answered. Only what stands where the API expects an image counts as one:
 * elsewhere the same bytes are text.
 */
export function readOpenaiContent(messages: unknown): OpenaiContent {
  const imageBytes: number[] = [];
  let [isReferring, hasAudio] = [false, false];
  for (const message of Array.isArray(messages) ? messages.map(jsonObject) : []) {
    if (message.type === "item_reference" || message.audio !== undefined) isReferring = true;
    for (const part of [...partsOf(message.content), ...partsOf(message.output)]) {
      const { type } = part;
      if (type === "input_audio") hasAudio = true;
      if (type !== undefined && !knownPart.test(String(type))) isReferring = true;
      if (!imagePart.test(String(type))) continue;
      const url = typeof part.image_url === "string" ? part.image_url : jsonObject(part.image_url).url;
      if (typeof url === "string" && /^data:image\//.test(url)) imageBytes.push(url.length);
      else isReferring = true;
    }
  }
  return { imageBytes, isReferring, hasAudio };
}

function partsOf(value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.map(jsonObject);
  return typeof value === "object" && value !== null ? [value as JsonObject] : [];
}

/** The most tokens that an image is, at the most detail. */
export const openaiImageTokens = 20_000;

/** The speed that a service tier stands for: `priority` is what the API calls its fast mode. */
export function speedOf(tier: unknown): string | undefined {
  if (typeof tier !== "string" || /^(auto|default|standard)$/.test(tier)) return undefined;
  return tier === "priority" ? "fast" : tier;
}

/** Whether a request has a field that is not among those whose cost is known. */
export function hasOtherFields(request: JsonObject, known: ReadonlySet<string>): boolean {
  return Object.keys(request).some((field) => !known.has(field));
}

/** What is kept in the cache for longer than usual costs more. */
export function retentionSurcharge({ prompt_cache_retention: retention }: JsonObject): string | undefined {
  const isUsual = [undefined, null, "in_memory", "in-memory"].includes(retention as string | null | undefined);
  return isUsual ? undefined : "a longer retention of the cache (leave prompt_cache_retention out)";
}
