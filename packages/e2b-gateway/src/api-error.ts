import { SandboxError, type SandboxErrorCode } from "@glovebox/core/provider";

/** An answer of the control plane that is not a success: a status of HTTP and `{ code, message }`. Never leaves the package. */
export class ApiError extends Error {
  readonly status: number;
  /** In whole seconds, as the header `Retry-After` has it. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, message: string, options: { cause?: unknown; retryAfterSeconds?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** E2B's status for what a provider reports. What is not here is a failure of the service: 500. */
const statuses: Partial<Record<SandboxErrorCode, number>> = {
  "not-found": 404,
  stopped: 409,
  quota: 507,
  "rate-limited": 429,
  "capability-unsupported": 501,
  "invalid-options": 400,
  template: 400,
  timeout: 504,
  unavailable: 503,
};

/** Converts an error to the client's. Unexpected errors reveal nothing. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (!SandboxError.isInstance(error)) return new ApiError(500, "The gateway failed", { cause: error });
  const message = error.hint === undefined ? error.message : `${error.message}. ${error.hint}`;
  const retryAfterSeconds = error.retryAfterMs === undefined ? undefined : Math.ceil(error.retryAfterMs / 1000);
  return new ApiError(statuses[error.code] ?? 500, message, {
    cause: error,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/** As E2B says it, so that it does not tell who owns what. */
export function sandboxNotFound(sandboxId: string): ApiError {
  return new ApiError(404, `Sandbox "${sandboxId}" doesn't exist or you don't have access to it`);
}
