import { SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";
import { safeJson } from "@glovebox/core/text";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { HttpError } from "../../access/http-error.ts";
import type { Problem, ProblemCode } from "../schemas/problem.ts";

/** A problem before its request is known. */
export interface ProblemFacts extends Pick<Problem, "code" | "detail" | "errors" | "retryAfterMs"> {
  readonly status: ContentfulStatusCode;
  readonly headers?: Readonly<Record<string, string>>;
}

const statuses: Readonly<Record<SandboxErrorCode, ContentfulStatusCode>> = {
  "invalid-options": 400,
  authentication: 424,
  "not-found": 404,
  stopped: 409,
  quota: 507,
  "rate-limited": 429,
  "capability-unsupported": 501,
  template: 422,
  component: 422,
  timeout: 504,
  unavailable: 503,
  lost: 502,
  aborted: 499 as ContentfulStatusCode,
  process: 422,
  file: 500,
  internal: 500,
};

/** A few words for each code, always the same. */
const titles: Partial<Record<ProblemCode, string>> = {
  "invalid-options": "Invalid request",
  "capability-unsupported": "Not supported",
  "carried-elsewhere": "Carried by another worker",
  internal: "Internal error",
};

/** The response for a problem: RFC 9457. */
export function problemReply(context: Context, facts: ProblemFacts): Response {
  const { status, code, detail, headers = {}, errors, retryAfterMs } = facts;
  const requestId = String(context.get("requestId") ?? "");
  const problem: Problem = {
    type: `urn:glovebox:problem:${code}`,
    title: titles[code] ?? titleOf(code),
    ...{ status, code, detail, requestId },
    ...(errors !== undefined && { errors }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
  return context.body(safeJson(problem), status, {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...(retryAfterMs !== undefined && { "retry-after": String(Math.ceil(retryAfterMs / 1000)) }),
    ...headers,
  });
}

/** The problem that an error is. Clients get no details of unexpected errors. */
export function problemOf(error: unknown): ProblemFacts {
  if (error instanceof HttpError) {
    const { status, code, message, headers } = error;
    return { status, code, detail: message, headers };
  }
  if (error instanceof HTTPException) return ofHttpException(error);
  if (!SandboxError.isInstance(error)) return { status: 500, code: "internal", detail: "Internal error" };
  const { code, message, retryAfterMs } = error;
  return { status: statuses[code], code, detail: message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** What Hono itself refuses. */
function ofHttpException({ status, message }: HTTPException): ProblemFacts {
  if (status === 413) return { status, code: "payload-too-large", detail: "The body is too large" };
  return { status, code: status < 500 ? "invalid-options" : "internal", detail: message || "Invalid request" };
}

function titleOf(code: string): string {
  const words = code.replaceAll("-", " ");
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
