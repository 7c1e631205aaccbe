import { ApiError } from "./api-error.ts";

/** Answers with what a handler gives, or with the error that it throws. */
export async function answer(handle: () => Promise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    return told(error).toResponse();
  }
}

/**
 * The platform marks what it refuses for a while: an object that has too much to do, or that is just being replaced. What nobody
 * foresaw is logged, not told.
 */
function told(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { overloaded, retryable } = error as { overloaded?: unknown; retryable?: unknown };
  if (overloaded === true) {
    return new ApiError("rate-limited", "The sandbox's object has too much to do.", { retryAfterMs: 2000 });
  }
  if (retryable === true) {
    return new ApiError("unavailable", "The sandbox's object is being replaced.", { retryAfterMs: 1000 });
  }
  console.error(error);
  return new ApiError("unavailable", "The Worker failed.", { status: 500, hint: "See `wrangler tail`." });
}
