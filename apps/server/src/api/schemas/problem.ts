import { z } from "@hono/zod-openapi";

/** The codes of the CLI and of the libraries, and those that only HTTP has. */
export const problemCodes = [
  "not-found",
  "stopped",
  "authentication",
  "forbidden",
  "quota",
  "rate-limited",
  "capability-unsupported",
  "invalid-options",
  "template",
  "component",
  "timeout",
  "unavailable",
  "lost",
  "aborted",
  "process",
  "file",
  "internal",
  "method-not-allowed",
  "payload-too-large",
  "unsupported-media-type",
  "conflict",
  "carried-elsewhere",
  "range-not-satisfiable",
  "misdirected-request",
] as const;

/** What went wrong, as a stable word. */
export type ProblemCode = (typeof problemCodes)[number];

/** The body of every error: RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ description: "A URI that names the problem: `urn:glovebox:problem:CODE`." }),
    title: z
      .string()
      .openapi({ description: "The problem in a few words, the same for every occurrence of the code." }),
    status: z.int(),
    code: z.enum(problemCodes).openapi({ description: "For programs; docs/errors.md explains each." }),
    detail: z.string().openapi({ description: "What went wrong this time, in one line." }),
    requestId: z.string().openapi({ description: "The id of the request, as in the server's log." }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: "What is invalid, by its place in the request." }),
    retryAfterMs: z.number().optional(),
  })
  .openapi("Problem");

/** See {@link problemSchema}. */
export type Problem = z.infer<typeof problemSchema>;
