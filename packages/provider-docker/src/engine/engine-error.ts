import {
  CapabilityUnsupportedError,
  InvalidOptionsError,
  SandboxAbortedError,
  SandboxAuthenticationError,
  SandboxError,
  SandboxLostError,
  SandboxNotFoundError,
  SandboxQuotaError,
  SandboxRateLimitedError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";

interface EngineFailure {
  readonly statusCode?: number;
  readonly code?: string;
  readonly name?: string;
  readonly message?: string;
  readonly cause?: { readonly name?: string };
  /** The header of that name. */
  readonly retryAfter?: string;
  readonly json?: { readonly message?: unknown } | null;
}

const diskHint = "Free some disk space: `glovebox image rm`, `docker system df`.";

/**
 * Turns whatever dockerode threw into the error family, by status and error code. `operation` completes the sentence
 * "Docker failed while …": `creating a container`. An error of the family passes unchanged.
 */
export function mapEngineError(error: unknown, operation: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const failure = (typeof error === "object" && error !== null ? error : { message: String(error) }) as EngineFailure;
  const said = engineReason(failure);
  const message = `Docker failed while ${operation}: ${said || failure.code || "no reason given"}`;
  const options = { providerId: "docker", cause: error };
  if (failure.statusCode === 429) return rateLimited(failure.retryAfter, message, options);
  if (typeof failure.statusCode === "number") return fromStatus(failure.statusCode, said, message, options);
  return fromCode(failure, operation, message, options);
}

interface Options {
  readonly providerId: string;
  readonly cause: unknown;
}

function fromStatus(status: number, said: string, message: string, options: Options): SandboxError {
  if (status === 400) return new InvalidOptionsError(message, options);
  if (status === 401 || status === 403) {
    return new SandboxAuthenticationError(message, {
      ...options,
      hint: "Log in with `docker login`, or check the proxy in front of the engine.",
    });
  }
  if (status === 404) return new SandboxNotFoundError(message, options);
  // The same call fails again until whatever it collides with has gone.
  if (status === 409) return new SandboxUnavailableError(message, { ...options, retryable: false });
  if (status === 501) return new CapabilityUnsupportedError(message, options);
  // The engine has one status for everything that breaks on its side; the errno's own text is all that tells a full disk.
  if (status >= 500 && /no space left on device|disk quota exceeded/i.test(said)) {
    return new SandboxQuotaError(message, { ...options, hint: diskHint });
  }
  return new SandboxUnavailableError(message, {
    ...options,
    retryable: status === 502 || status === 503 || status === 504,
  });
}

/** The time to wait is a number of seconds or a date. */
function rateLimited(wait: string | undefined, message: string, options: Options): SandboxError {
  const retryAfterMs =
    wait === undefined ? Number.NaN : /^\d+$/.test(wait) ? Number(wait) * 1000 : Date.parse(wait) - Date.now();
  const known = Number.isFinite(retryAfterMs) ? { retryAfterMs: Math.max(0, retryAfterMs) } : {};
  return new SandboxRateLimitedError(message, { ...options, ...known });
}

function fromCode(failure: EngineFailure, operation: string, message: string, options: Options): SandboxError {
  // A signal's reason is the cause of the error that Node makes of it.
  if (failure.name === "TimeoutError" || failure.cause?.name === "TimeoutError") {
    return new SandboxTimeoutError(`No answer in time from the Docker engine while ${operation}`, {
      ...options,
      retryable: true,
    });
  }
  if (failure.name === "AbortError" || failure.code === "ABORT_ERR") {
    return new SandboxAbortedError(`Stopped while ${operation}`, options);
  }
  switch (failure.code) {
    case "ECONNREFUSED":
    case "ENOENT":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ENOTSOCK":
      return new SandboxUnavailableError(`No Docker engine answers (${failure.code}) while ${operation}`, {
        ...options,
        hint: "Is Docker running? Start it, or have an engine installed and started.",
        remedy: { do: "set-up" },
      });
    case "EACCES":
    case "EPERM":
      return new SandboxAuthenticationError(
        `The Docker engine's socket may not be opened (${failure.code}) while ${operation}`,
        {
          ...options,
          hint: "Add yourself to the docker group (`sudo usermod -aG docker $USER`), log in again, or run as root.",
        },
      );
    case "ETIMEDOUT":
    case "ESOCKETTIMEDOUT":
      return new SandboxTimeoutError(message, { ...options, retryable: true });
    case "ECONNRESET":
    case "EPIPE":
    case "ERR_STREAM_PREMATURE_CLOSE":
      return new SandboxLostError(
        `The connection to the Docker engine broke (${failure.code}) while ${operation}`,
        options,
      );
    case "ENOSPC":
    case "EDQUOT":
      return new SandboxQuotaError(message, { ...options, hint: diskHint });
  }
  if (failure.code !== undefined && /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(failure.code)) {
    return new SandboxAuthenticationError(message, {
      ...options,
      hint: "Check DOCKER_TLS_VERIFY, DOCKER_CERT_PATH and the certificates of the Docker context.",
    });
  }
  return new SandboxError("internal", message, options);
}

/** What the engine itself gave as the reason, in one line of at most 500 characters; empty when it gave none. */
export function engineReason(error: unknown): string {
  const { json, message } = error as EngineFailure;
  // dockerode puts the engine's words behind a prefix of its own, and keeps them apart only for calls without a stream.
  const text =
    typeof json?.message === "string" ? json.message : (message ?? "").replace(/^\(HTTP code \d+\) .*? - /, "");
  return safeLine(text, 500);
}
