import type { IncomingHttpHeaders } from "node:http";
import { safeLine } from "@glovebox/core/text";
import { z } from "zod";

const statusSchema = z.looseObject({
  kind: z.literal("Status"),
  message: z.string().optional(),
  reason: z.string().optional(),
  details: z.looseObject({ kind: z.string().optional() }).optional(),
});

/** An answer of the API server that is not a success. Holds nothing but what is safe to show: no headers, no body. */
export class ResponseError extends Error {
  override readonly name = "ResponseError";
  readonly status: number;
  /** `Status.reason`: `AlreadyExists`, `Forbidden`. Absent for an answer that is not the API server's own. */
  readonly reason: string | undefined;
  /** `Status.details.kind`: what the answer is about, `pods` or `namespaces`. */
  readonly kind: string | undefined;
  /** Whether the API server itself answered, and not a proxy or another server in its place. */
  readonly isOfApiServer: boolean;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, headers: IncomingHttpHeaders, body: string) {
    const said = statusSchema.safeParse(parseJson(body)).data;
    super(safeLine(said?.message ?? (headers["content-type"]?.startsWith("text/plain") ? body : ""), 500));
    this.status = status;
    this.reason = said?.reason;
    this.kind = said?.details?.kind;
    this.isOfApiServer = said !== undefined;
    this.retryAfterMs = waitOf(headers["retry-after"]);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page of a proxy, or nothing.
    return undefined;
  }
}

/** The time to wait is a number of seconds or a date. */
function waitOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}
