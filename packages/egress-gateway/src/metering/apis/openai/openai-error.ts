const errors: Readonly<Record<number, readonly [type: string, code: string]>> = {
  402: ["insufficient_quota", "insufficient_quota"],
  403: ["invalid_request_error", "permission_denied"],
  413: ["invalid_request_error", "request_too_large"],
  429: ["requests", "rate_limit_exceeded"],
};

/** An error as OpenAI words it. */
export function openaiError(message: string, status: number): object {
  const [type, code] = errors[status] ?? (status < 500 ? ["invalid_request_error", null] : ["server_error", null]);
  return { error: { message, type, param: null, code } };
}
