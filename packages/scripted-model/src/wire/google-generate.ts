import { z } from "zod";
import type { ScriptTurn } from "../script.ts";
import { type AnswerIdentity, answerTokens, type ModelWire } from "./model-wire.ts";
import { pieces } from "./pieces.ts";

const bodySchema = z.object({
  contents: z.array(z.object({ role: z.string().default("user"), parts: z.array(z.unknown()).default([]) })),
  tools: z.array(z.object({ functionDeclarations: z.array(z.object({ name: z.string() })).default([]) })).default([]),
  generationConfig: z
    .object({ maxOutputTokens: z.number().optional(), responseMimeType: z.string().optional() })
    .default({}),
});

const statuses: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
};

/** Gemini's API: the model and the method are in the path. */
export const googleGenerate: ModelWire = {
  keyOf: (headers) => {
    const key = headers["x-goog-api-key"];
    return typeof key === "string" ? key : undefined;
  },
  read: (value, url) => {
    const { contents, tools, generationConfig } = bodySchema.parse(value);
    const names = tools.flatMap(({ functionDeclarations }) => functionDeclarations.map(({ name }) => name));
    const messages: { role: string; content: unknown[] }[] = [];
    for (const { role, parts } of contents) {
      const last = messages.at(-1);
      if (role === "model" && last?.role === "assistant") last.content.push(...parts);
      else messages.push({ role: role === "model" ? "assistant" : role, content: [...parts] });
    }
    const first = messages.findIndex(({ role }) => role === "assistant");
    return {
      api: "google-generate",
      model: modelOf(url),
      stream: url.pathname.endsWith(":streamGenerateContent"),
      messages,
      tools: names,
      maxTokens: generationConfig.maxOutputTokens,
      opening: JSON.stringify(messages.slice(0, first < 0 ? undefined : first)),
      isSide: names.length === 0,
      wantsJson: generationConfig.responseMimeType === "application/json",
    };
  },
  answer: (turn, identity) => responseOf(partsOf(turn), turn, identity, true),
  chunks: (turn, identity, _body, url) => {
    const parts = partsOf(turn).flatMap((part) => {
      if (part.text === undefined) return [part];
      return pieces(part.text).map((text) => ({ ...part, text }));
    });
    const last = Math.max(0, parts.length - 1);
    const texts = (parts.length === 0 ? [{ text: "" }] : parts).map((part, index) =>
      JSON.stringify(responseOf([part], turn, identity, index === last)),
    );
    if (url.searchParams.get("alt") === "sse") return texts.map((text) => `data: ${text}\r\n\r\n`);
    return texts.map((text, index) => `${index === 0 ? "[" : ",\r\n"}${text}${index === last ? "]" : ""}`);
  },
  error: (status, message) => ({ error: { code: status, message, status: statuses[status] ?? "UNKNOWN" } }),
};

interface Part {
  readonly text?: string;
  readonly thought?: true;
  readonly functionCall?: { readonly name: string; readonly args: unknown };
}

function partsOf(turn: ScriptTurn): Part[] {
  const parts: Part[] = [];
  if (turn.thinking !== undefined) parts.push({ text: turn.thinking, thought: true });
  if (turn.text !== undefined) parts.push({ text: turn.text });
  for (const { name, input } of turn.tools ?? []) parts.push({ functionCall: { name, args: input } });
  return parts;
}

/** Counts are cumulative: every chunk of a stream has those of the answer so far, the last one all of them. */
function responseOf(parts: readonly Part[], turn: ScriptTurn, identity: AnswerIdentity, isLast: boolean) {
  const { input, output, cacheRead, reasoning } = answerTokens(turn, identity);
  const written = isLast ? output : Math.min(output, Math.max(1, reasoning));
  const thoughts = Math.min(written, reasoning);
  return {
    candidates: [{ content: { role: "model", parts }, ...(isLast ? { finishReason: "STOP" } : {}), index: 0 }],
    usageMetadata: {
      promptTokenCount: input,
      candidatesTokenCount: written - thoughts,
      totalTokenCount: input + written,
      ...(cacheRead === 0 ? {} : { cachedContentTokenCount: cacheRead }),
      ...(thoughts === 0 ? {} : { thoughtsTokenCount: thoughts }),
    },
    modelVersion: identity.model,
    responseId: identity.key,
  };
}

function modelOf({ pathname }: URL): string {
  return decodeURIComponent(/\/models\/([^/:]+):\w+$/.exec(pathname)?.[1] ?? "");
}
