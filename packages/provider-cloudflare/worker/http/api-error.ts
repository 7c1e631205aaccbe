/** Error codes of the protocol. The same as Glovebox's own, and `stopped`: the sandbox exists but is not running. */
export type ApiErrorCode = keyof typeof statuses;

const statuses = {
  "invalid-options": 400,
  authentication: 401,
  quota: 403,
  "not-found": 404,
  stopped: 409,
  "capability-unsupported": 422,
  template: 422,
  "rate-limited": 429,
  unavailable: 503,
} as const;

export interface ApiErrorOptions {
  /** Overrides the code's status, for instance 413 for a body that is too large. */
  readonly status?: number;
  readonly hint?: string;
  /** How long to wait before retrying, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** An error response of the protocol. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;
  readonly options: ApiErrorOptions;

  constructor(code: ApiErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.options = options;
  }

  toResponse(): Response {
    const { hint, retryAfterMs, status = statuses[this.code] } = this.options;
    const error = {
      code: this.code,
      message: this.message,
      ...(hint && { hint }),
      ...(retryAfterMs && { retryAfterMs }),
    };
    const headers = retryAfterMs ? { "retry-after": String(Math.ceil(retryAfterMs / 1000)) } : undefined;
    return Response.json({ error }, { status, ...(headers && { headers }) });
  }
}
