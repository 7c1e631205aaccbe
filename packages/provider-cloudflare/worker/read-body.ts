import * as z from "zod";
import { ApiError } from "./api-error.ts";

const defaultMaxBytes = 256 * 1024;
/** What is read of a body that is too large: a client that still sends would see a broken connection instead of the answer. */
const maxDroppedBytes = 8 * 1024 * 1024;

/** A request's JSON in the form that is asked for. Of one that is larger than `maxBytes` no more is kept. */
export async function readBody<T>(request: Request, schema: z.ZodType<T>, maxBytes = defaultMaxBytes): Promise<T> {
  const text = await readText(request, maxBytes);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new ApiError("invalid-options", "The body is not JSON.", { cause });
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ApiError("invalid-options", `The body cannot be used: ${z.prettifyError(parsed.error)}`);
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
