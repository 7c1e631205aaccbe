import * as z from "zod";
import { ApiError } from "./api-error.ts";

const defaultMaxBytes = 256 * 1024;

/** A request's JSON in the form that is asked for. One that is larger than `maxBytes` is refused before it was read. */
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
  const tooLarge = (): ApiError =>
    new ApiError("invalid-options", `The body is larger than ${maxBytes} bytes.`, { status: 413 });
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    if (size > maxBytes) throw tooLarge();
    parts.push(part);
  }
  return new Blob(parts).text();
}
