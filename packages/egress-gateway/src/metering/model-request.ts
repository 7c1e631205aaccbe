/** What is read of a request to a model. */
export interface ModelRequest {
  readonly model: string;
  readonly speed: string | undefined;
  readonly isStreamed: boolean;
  /** The most output that it asks for, in tokens. */
  readonly maxTokens: number;
}

/** Reads a request of Anthropic's Messages API. Absent when it names no model. */
export function readModelRequest(body: Buffer): ModelRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    // What is no JSON names no model.
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { model, speed, stream, max_tokens: maxTokens } = value as Readonly<Record<string, unknown>>;
  if (typeof model !== "string" || model === "") return undefined;
  return {
    model,
    speed: typeof speed === "string" && speed !== "standard" ? speed : undefined,
    isStreamed: stream === true,
    maxTokens: typeof maxTokens === "number" && maxTokens > 0 ? maxTokens : 0,
  };
}
