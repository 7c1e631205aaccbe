import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { ApiError } from "../api-error.ts";

/** A request's body as JSON; `undefined` where there is none. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // The request stays open when it is too large, so that its client gets the response.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    bytes += part.length;
    if (bytes > maxBytes) throw new ApiError(413, `The body is larger than ${maxBytes} bytes`);
    parts.push(part);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    throw new ApiError(400, "Error when parsing request: the body is not JSON");
  }
}

/** What a body or a query says. Throws 400 where it does not fit. */
export function parseRequest<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ApiError(400, `Error when parsing request: ${z.prettifyError(parsed.error)}`);
}
