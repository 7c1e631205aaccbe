import { SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

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

/** An answer that says why not: `{ error: { code, message, hint } }`. */
export function refuse(
  context: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
  hint?: string,
): Response {
  return context.json({ error: { code, message, ...(hint !== undefined && { hint }) } }, status);
}

/** The answer for what was thrown. Of what is not ours a client learns nothing. */
export function refuseError(context: Context, error: unknown): Response {
  if (!SandboxError.isInstance(error)) return refuse(context, 500, "internal", "The server has failed");
  return refuse(context, statuses[error.code] ?? 500, error.code, error.message, error.hint);
}
