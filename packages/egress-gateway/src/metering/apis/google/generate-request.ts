import { inputWeight } from "../../input-weight.ts";
import { type JsonObject, jsonObject } from "../../json-object.ts";
import { countOf, type ModelRequest, parseRequest, type RequestTarget } from "../../model-request.ts";

/** The fields that do not add to what a request uses. Any other may let the API do work of its own. */
const knownFields = new Set([
  ...["contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "labels"],
  ...["cachedContent", "serviceTier", "store", "model"],
]);
/** The tools that the harness runs, and not the API. */
const harnessTools = new Set(["functionDeclarations", "computerUse"]);
/** The most tokens that an image is. */
const imageTokens = 20_000;

/** Reads a request of Gemini's API, whose path names the model. Absent when it cannot be read, or names no model. */
export function readGenerateRequest(body: Buffer, { path, query }: RequestTarget): ModelRequest | undefined {
  const request = camelCased(parseRequest(body));
  const config = camelCased(request?.generationConfig ?? {});
  const model = /\/models\/([^/:]+):\w+$/.exec(path)?.[1];
  if (request === undefined || config === undefined || model === undefined) return undefined;
  const content = readParts([request.systemInstruction, ...listOf(request.contents)]);
  const tools = listOf(request.tools).flatMap((tool) => Object.keys(tool).map(toCamelCase));
  const isGrowing = tools.some((tool) => !harnessTools.has(tool)) || hasOtherFields(request);
  const answers = numberOf(config.candidateCount) ?? 1;
  const maxTokens = numberOf(config.maxOutputTokens);
  return {
    model,
    speed: speedOf(request.serviceTier),
    // An array of JSON is read when it is whole.
    isStreamed: path.endsWith(":streamGenerateContent") && query === "?alt=sse",
    maxTokens: maxTokens === undefined ? undefined : maxTokens * answers,
    answers,
    ...inputWeight({
      bytes: body.length,
      imageBytes: content.imageBytes,
      imageTokens,
      added: tools.length + ((config.responseSchema ?? config.responseJsonSchema) ? 1 : 0),
      isUnbounded: content.isReferring || isGrowing || isSet(request.cachedContent),
    }),
    isGrowing,
    surcharge: content.hasAudio || asksForMedia(config) ? "audio, images or video" : surchargeOf(tools),
    unmetered: undefined,
  };
}

/** The API takes a number as a text, too. */
function numberOf(value: unknown): number | undefined {
  return countOf(typeof value === "string" ? Number(value) : value);
}

/** The API takes the number of a tier for its name: only what is known to be the usual one is. */
function speedOf(tier: unknown): string | undefined {
  const isUsual = !isSet(tier) || /^(service_tier_)?(standard|unspecified)$/i.test(String(tier));
  return isUsual ? undefined : String(tier).slice(0, 64).toLowerCase();
}

function surchargeOf(tools: readonly string[]): string | undefined {
  const charged = tools.find((tool) => /^(googleMaps|enterpriseWebSearch|fileSearch)$/.test(tool));
  return charged === undefined ? undefined : `the tool ${charged}`;
}

function readParts(contents: readonly unknown[]) {
  const imageBytes: number[] = [];
  let [isReferring, hasAudio] = [false, false];
  const parts = contents.flatMap((content) => listOf(jsonObject(content).parts));
  for (const part of parts) {
    // What a tool answers may hold files and images too.
    parts.push(...listOf(jsonObject(part.functionResponse ?? part.function_response).parts));
    const inline = part.inlineData ?? part.inline_data;
    for (const file of [inline, part.fileData ?? part.file_data].filter(isSet).map(jsonObject)) {
      const type = String(file.mimeType ?? file.mime_type).toLowerCase();
      // A file of any other kind may be a sound.
      if (!/^(image|video|text)\/|^application\/(pdf|json|xml)$/.test(type)) hasAudio = true;
      if (file === inline && type.startsWith("image/") && typeof file.data === "string")
        imageBytes.push(file.data.length);
      else isReferring = true;
    }
  }
  return { imageBytes, isReferring, hasAudio };
}

function asksForMedia({ responseModalities, speechConfig, imageConfig }: JsonObject): boolean {
  const forms = [responseModalities].flat().filter(isSet);
  return isSet(speechConfig) || isSet(imageConfig) || forms.some((form) => !/^text$/i.test(String(form)));
}

function hasOtherFields(request: JsonObject): boolean {
  return Object.keys(request).some((field) => !knownFields.has(field));
}

/** The API reads each field in two spellings. Absent where a request has both of one: nobody knows which one holds. */
function camelCased(value: unknown): JsonObject | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields = Object.entries(value).map(([field, inner]) => [toCamelCase(field), inner] as const);
  const names = new Set(fields.map(([field]) => field));
  return names.size === fields.length ? Object.fromEntries(fields) : undefined;
}

function toCamelCase(field: string): string {
  return field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function listOf(value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.map(jsonObject);
  return typeof value === "object" && value !== null ? [value as JsonObject] : [];
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}
