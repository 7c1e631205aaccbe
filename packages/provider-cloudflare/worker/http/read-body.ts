import * as z from "zod";
import { ApiError } from "./api-error.ts";

const defaultMaxBytes = 256 * 1024;
/** How much of an oversized body is drained: a client that is still sending would see a reset instead of the response. */
const maxDroppedBytes = 8 * 1024 * 1024;

/** Parses a JSON request body with the schema. Throws `invalid-options` for an invalid one or one over `maxBytes`. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>, maxBytes = defaultMaxBytes): Promise<T> {
  const text = await readText(request, maxBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ApiError("invalid-options", "The body is not JSON.", { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ApiError("invalid-options", `Invalid request body: ${z.prettifyError(parsed.error)}`);
}

async function readText(request: Request, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size <= maxBytes) parts.push(part);
    if (size > maxBytes + maxDroppedBytes) break;
  }
  if (size <= maxBytes) return new Blob(parts).text();
  throw new ApiError("invalid-options", `The body is larger than ${maxBytes} bytes.`, { status: 413 });
}
