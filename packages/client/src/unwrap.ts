import { GloveboxApiError } from "./api-error.ts";

/** What a call of the API resolves to. */
export interface ApiResponse<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * Returns the data of a response, and throws a {@link GloveboxApiError} for one that is no success.
 *
 *     const run = await unwrap(client.GET("/v1/runs/{id}", { params: { path: { id } } }));
 */
export async function unwrap<T>(call: Promise<ApiResponse<T>> | ApiResponse<T>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw GloveboxApiError.ofBody(error, response);
  // A success without a body has no data, and its type says so.
  return data as T;
}
