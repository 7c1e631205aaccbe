import { ApiError } from "./api-error.ts";

/** Returns the handler's response, or an error response for what it throws. */
export async function handleErrors(handle: () => Promise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    return toApiError(error).toResponse();
  }
}

/** The platform marks temporary failures as overloaded or retryable. Unexpected errors are logged, and their text stays private. */
function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { overloaded, retryable } = error as { overloaded?: unknown; retryable?: unknown };
  if (overloaded === true) {
    return new ApiError("rate-limited", "The sandbox's Durable Object is overloaded.", { retryAfterMs: 2000 });
  }
  if (retryable === true) {
    return new ApiError("unavailable", "The sandbox's Durable Object is being replaced.", { retryAfterMs: 1000 });
  }
  console.error(error);
  return new ApiError("unavailable", "Internal Worker error.", { status: 500, hint: "See `wrangler tail`." });
}
