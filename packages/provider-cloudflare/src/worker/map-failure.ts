import {
  SandboxAbortedError,
  SandboxError,
  SandboxLostError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { WorkerAnswer } from "./worker-answer.ts";

/** Codes of a connection that never came about. */
const noConnection: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  // A proxy that refused: what a caller gives up is told before this is looked at.
  "UND_ERR_ABORTED",
]);

const tlsCode = /^(CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH)/;

/**
 * The error for a request that brought no answer. `doing` completes "failed while …". An error of the family passes
 * unchanged.
 */
export function mapFailure(error: unknown, doing: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  const options = { providerId: "cloudflare", cause: error };
  const { name } = error as { readonly name?: unknown };
  if (name === "TimeoutError")
    return new SandboxTimeoutError(`No answer from the Cloudflare Worker in time while ${doing}`, options);
  if (name === "AbortError") return new SandboxAbortedError(`Aborted while ${doing}`, options);
  const code = failureCode(error);
  if (code !== undefined && tlsCode.test(code)) {
    return new SandboxUnavailableError(`The Cloudflare Worker's certificate was refused (${code}) while ${doing}`, {
      ...options,
      retryable: false,
      hint: "Behind a company's proxy, NODE_EXTRA_CA_CERTS names the certificates to trust.",
    });
  }
  if (code !== undefined && noConnection.has(code)) {
    const hint =
      code === "ENOTFOUND"
        ? "Check GLOVEBOX_CLOUDFLARE_URL. The name of a Worker that was just deployed takes a minute to be known."
        : "Is the Worker deployed, or `glovebox cloudflare dev` running? Check GLOVEBOX_CLOUDFLARE_URL, the network and HTTPS_PROXY.";
    return new SandboxUnavailableError(`No Cloudflare Worker answers (${code}) while ${doing}`, { ...options, hint });
  }
  const what = code === undefined ? "" : ` (${code})`;
  return new SandboxLostError(`The connection to the Cloudflare Worker broke${what} while ${doing}`, options);
}

/** Whether what failed so was surely not carried out. */
export function wasNotDone({ code: told, cause }: SandboxError): boolean {
  if (told === "invalid-options") return true;
  // Beyond those, Cloudflare may have answered in the place of a Worker that carries on.
  if (cause instanceof WorkerAnswer) return cause.status < 500 || cause.cloudflareCode === undefined;
  const code = failureCode(cause);
  return code !== undefined && (noConnection.has(code) || tlsCode.test(code));
}

/** The code of an error or of what caused it: fetch wraps what happened once. */
function failureCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; depth < 4 && typeof at === "object" && at !== null; depth += 1) {
    const { code, cause, errors } = at as {
      readonly code?: unknown;
      readonly cause?: unknown;
      readonly errors?: unknown;
    };
    if (typeof code === "string") return code;
    // Where a name has several addresses and none answers.
    at = Array.isArray(errors) ? errors[0] : cause;
  }
  return undefined;
}
