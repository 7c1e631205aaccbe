import { z } from "@hono/zod-openapi";
import { problemSchema } from "../schemas/problem.ts";

const problem = {
  description: "What went wrong",
  content: { "application/problem+json": { schema: problemSchema } },
} as const;

/** The responses of every endpoint that are no success. */
export const problems = { "4XX": problem, "5XX": problem } as const;

/** A response in JSON. */
export function json<T extends z.ZodType>(schema: T, description: string) {
  return { description, content: { "application/json": { schema } } } as const;
}

/** A request body in JSON. */
export function jsonBody<T extends z.ZodType>(schema: T) {
  return { required: true, content: { "application/json": { schema } } } as const;
}

/** A request body in JSON that may be left out. */
export function optionalJsonBody<T extends z.ZodType>(schema: T) {
  return { required: false, content: { "application/json": { schema } } } as const;
}

/** A body of bytes of some type. */
export function bytes(mediaType: string, description: string) {
  return { description, content: { [mediaType]: { schema: { type: "string", format: "binary" } } } } as const;
}

/** A response without a body. */
export const noContent = { description: "Done" } as const;

/** A path's `{id}`. */
export const idParam = z.object({ id: z.string().min(1).max(200) });

/** The header that makes a `POST` safe to repeat. */
export const idempotencyHeader = z.object({
  "idempotency-key": z.string().min(1).max(255).optional().openapi({
    description:
      "Chosen by the client. A request with the same key and body gets the same response, and nothing is started twice; with another body it gets 422. Kept for a day.",
  }),
});
