import type { MiddlewareHandler } from "hono";
import { HttpError } from "../access/http-error.ts";
import type { ApiEnv } from "./api-parts.ts";

/** Refuses (400) JSON with text that no database stores: a NUL, or half of a character's two UTF-16 units. */
export const storableText: MiddlewareHandler<ApiEnv> = async (context, next) => {
  if (context.req.header("content-type")?.startsWith("application/json")) {
    const text = await context.req.text();
    // Only an escape can bring one into the text of a body, which is UTF-8.
    if (/\\u(0000|d[89a-f])/i.test(text) && !isStorable(text)) {
      throw new HttpError(400, "invalid-options", "The body has text with a NUL or an unpaired surrogate");
    }
  }
  await next();
};

function isStorable(json: string): boolean {
  let isFine = true;
  const check = (value: string): void => {
    if (value.includes("\0") || Buffer.from(value).toString() !== value) isFine = false;
  };
  try {
    JSON.parse(json, (key, value: unknown) => {
      check(key);
      if (typeof value === "string") check(value);
      return value;
    });
  } catch {
    // Whoever reads the body says what is wrong with it.
    return true;
  }
  return isFine;
}
