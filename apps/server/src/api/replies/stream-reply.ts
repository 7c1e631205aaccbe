import type { Context } from "hono";

/**
 * A response whose body is a stream of bytes. The router compares JSON with the schema of its endpoint, and has no type for bytes:
 * `never` fits every endpoint.
 */
export function streamReply(
  context: Context,
  body: ReadableStream<Uint8Array> | null,
  headers: Readonly<Record<string, string>>,
): never {
  const sent = { "x-content-type-options": "nosniff", ...headers };
  return bytesReply(body === null ? context.body(null, 200, sent) : context.body(body, 200, sent));
}

/** Returns a response with bytes as what every endpoint may return. */
export function bytesReply(response: Response): never {
  return response as never;
}
