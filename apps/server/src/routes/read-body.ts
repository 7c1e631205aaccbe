import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Context } from "hono";
import { z } from "zod";

/** A request's body by a strict schema; throws `invalid-options`. A body that is not there is an empty object. */
export async function readBody<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  const text = await context.req.text();
  let value: unknown = {};
  try {
    if (text !== "") value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidOptionsError("The body is not JSON", { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidOptionsError(`The body cannot be used: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
}
