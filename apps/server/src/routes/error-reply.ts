import { type Remedy, SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { jsonReply } from "./json-reply.ts";

const statuses: Partial<Record<SandboxErrorCode, ContentfulStatusCode>> = {
  "invalid-options": 400,
  authentication: 424,
  "not-found": 404,
  stopped: 409,
  quota: 507,
  "rate-limited": 429,
  "capability-unsupported": 501,
  template: 422,
  timeout: 504,
  unavailable: 503,
  lost: 502,
};

/** An error reply: `{ error: { code, message, hint, remedy } }`. */
export function refuse(
  context: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  { hint, remedy }: { readonly hint?: string | undefined; readonly remedy?: Remedy | undefined } = {},
): Response {
  const advice = { ...(hint !== undefined && { hint }), ...(remedy !== undefined && { remedy }) };
  return jsonReply(context, { error: { code, message, ...advice } }, status);
}

/** The reply for an error. Clients get no details of unexpected errors. */
export function refuseError(context: Context, error: unknown): Response {
  if (!SandboxError.isInstance(error)) return refuse(context, 500, "internal", "Internal error");
  return refuse(context, statuses[error.code] ?? 500, error.code, error.message, error);
}
