import { SandboxError, SandboxLostError, SandboxTimeoutError } from "@glovebox/core/provider";
import { mapNetworkFailure, wasNeverSentBy } from "./network-failure.ts";
import { mapRefusal } from "./refusal.ts";
import { ResponseError } from "./response-error.ts";

const providerId = "kubernetes";

/**
 * Maps what a call to the cluster threw. `operation` completes "Kubernetes failed while …": `creating the pod`. An error of
 * the family passes unchanged; `undefined` for what is not known here.
 */
export function mapClusterError(error: unknown, operation: string): SandboxError | undefined {
  if (SandboxError.isInstance(error)) return error;
  if (error instanceof ResponseError) return mapRefusal(error, operation);
  const { name, code } = (error ?? {}) as { readonly name?: unknown; readonly code?: unknown };
  const options = { providerId, cause: error };
  if (name === "TimeoutError") {
    return new SandboxTimeoutError(`No answer in time from the cluster while ${operation}`, {
      ...options,
      retryable: true,
    });
  }
  if (name === "SyntaxError") {
    // Its message repeats a part of what was read.
    return new SandboxLostError(`The cluster's answer cannot be read while ${operation}`, options);
  }
  return typeof code === "string" || hasCode(error) ? mapNetworkFailure(error, operation) : undefined;
}

/** The HTTP status of the answer behind an error; `undefined` where none came. */
export function statusOf(error: unknown): number | undefined {
  return responseOf(error)?.status;
}

/** `Status.reason` of the answer behind an error: `AlreadyExists`, `NotFound`, `Conflict`. */
export function reasonOf(error: unknown): string | undefined {
  return responseOf(error)?.reason;
}

/** What the API server said, in one safe line; empty where it said nothing. */
export function messageOf(error: unknown): string {
  return responseOf(error)?.message ?? "";
}

/** Whether the call certainly had no effect: it was never sent, or the API server refused it. */
export function wasNeverSent(error: SandboxError): boolean {
  const response = responseOf(error);
  if (response !== undefined) return response.isOfApiServer && response.status >= 400 && response.status < 500;
  return error.code === "authentication" || error.code === "invalid-options" || wasNeverSentBy(error.cause);
}

function responseOf(error: unknown): ResponseError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof ResponseError) return at;
  return undefined;
}

function hasCode(error: unknown): boolean {
  const { cause, errors } = (error ?? {}) as { readonly cause?: unknown; readonly errors?: readonly unknown[] };
  return [cause, errors?.[0]].some((inner) => typeof (inner as { code?: unknown } | undefined)?.code === "string");
}
