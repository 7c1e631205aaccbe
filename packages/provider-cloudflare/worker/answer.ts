import { ApiError } from "./api-error.ts";

/** Answers with what a handler gives, or with the error that it throws. What nobody foresaw is logged, not told. */
export async function answer(handle: () => Promise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof ApiError) return error.toResponse();
    console.error(error);
    return new ApiError("unavailable", "The Worker failed.", {
      status: 500,
      hint: "See `wrangler tail`.",
    }).toResponse();
  }
}
