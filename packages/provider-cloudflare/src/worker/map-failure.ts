import { hostProxyFailure } from "@glovebox/core/host-proxy";
import {
  SandboxAbortedError,
  type SandboxError,
  SandboxLostError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { WorkerResponse } from "./worker-response.ts";

/** Error codes of a connection that was not established. */
const noConnection: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  // A proxy refused. The caller's own abort is handled earlier.
  "UND_ERR_ABORTED",
]);

const tlsCode = /^(CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH)/;

/** Maps a request without a response to an error. `operation` completes "failed while …". */
export function mapFailure(error: unknown, operation: string): SandboxError {
  const proxyFailure = hostProxyFailure(error);
  if (proxyFailure !== undefined) return proxyFailure;
  const options = { providerId: "cloudflare", cause: error };
  const { name } = error as { readonly name?: unknown };
  if (name === "TimeoutError")
    return new SandboxTimeoutError(`The Cloudflare Worker timed out while ${operation}`, options);
  if (name === "AbortError") return new SandboxAbortedError(`Aborted while ${operation}`, options);
  const code = failureCode(error);
  if (code !== undefined && tlsCode.test(code)) {
    return new SandboxUnavailableError(
      `The Cloudflare Worker's certificate is not trusted (${code}) while ${operation}`,
      {
        ...options,
        retryable: false,
        hint: "Behind a proxy that intercepts TLS, set NODE_EXTRA_CA_CERTS to its certificate.",
      },
    );
  }
  if (code !== undefined && noConnection.has(code)) {
    const hint =
      code === "ENOTFOUND"
        ? "Check GLOVEBOX_CLOUDFLARE_URL. The name of a new Worker takes a minute to resolve."
        : "Is the Worker deployed, or `glovebox cloudflare dev` running? Check GLOVEBOX_CLOUDFLARE_URL, the network and HTTPS_PROXY.";
    return new SandboxUnavailableError(`Cannot reach the Cloudflare Worker (${code}) while ${operation}`, {
      ...options,
      hint,
    });
  }
  const reason = code ?? causeMessage(error);
  const shown = reason === undefined ? "" : ` (${reason})`;
  return new SandboxLostError(`The connection to the Cloudflare Worker broke${shown} while ${operation}`, {
    ...options,
    hint: "Check the Worker with `glovebox cloudflare status`, and GLOVEBOX_CLOUDFLARE_URL.",
  });
}

/** Whether the request definitely had no effect. */
export function hadNoEffect({ code: errorCode, cause }: SandboxError): boolean {
  if (errorCode === "invalid-options") return true;
  // Otherwise Cloudflare may have responded while the Worker continues.
  if (cause instanceof WorkerResponse) return cause.status < 500 || cause.cloudflareCode === undefined;
  const code = failureCode(cause);
  return code !== undefined && (noConnection.has(code) || tlsCode.test(code));
}

/** Returns the code of an error or of its cause, which fetch wraps. */
function failureCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; depth < 4 && typeof at === "object" && at !== null; depth += 1) {
    const { code, cause, errors } = at as {
      readonly code?: unknown;
      readonly cause?: unknown;
      readonly errors?: unknown;
    };
    if (typeof code === "string") return code;
    // A name can have several addresses that all fail.
    at = Array.isArray(errors) ? errors[0] : cause;
  }
  return undefined;
}

/** Returns the cause of a fetch that failed without a code, such as "bad port". */
function causeMessage(error: unknown): string | undefined {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
}
