import { GloveboxApiError, type Problem } from "@glovebox/client";
import {
  SandboxAbortedError,
  SandboxError,
  type SandboxErrorCode,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";

/** Codes that only HTTP has, as those of the CLI. */
const codes: Partial<Record<Problem["code"], SandboxErrorCode>> = {
  forbidden: "authentication",
  conflict: "invalid-options",
  "carried-elsewhere": "unavailable",
  "method-not-allowed": "internal",
  "payload-too-large": "quota",
  "unsupported-media-type": "internal",
  "range-not-satisfiable": "internal",
  "misdirected-request": "invalid-options",
};

/** What Node.js reports for a certificate of an authority that it does not know. */
const unknownAuthority: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);
const trustAuthority = "Name the file with its authority's certificate in NODE_EXTRA_CA_CERTS.";
const checkAddress = "Check the address of the server.";

/** The error of a request to a server, as commands report their own. */
export function serverError(cause: unknown, url: string): SandboxError {
  if (SandboxError.isInstance(cause)) return cause;
  if (GloveboxApiError.isInstance(cause)) return refusal(cause, url);
  const { name, message, cause: inner } = cause as Error;
  if (name === "AbortError") return new SandboxAbortedError("Cancelled", { cause });
  if (cause instanceof SyntaxError) {
    const message = `The server ${url} does not answer as a Glovebox server does: its answer is not JSON`;
    return new SandboxUnavailableError(message, { hint: checkAddress, cause });
  }
  const { code, message: reason } = (inner as NodeJS.ErrnoException | undefined) ?? { message };
  return new SandboxUnavailableError(`The server ${url} cannot be reached (${safeLine(code ?? reason, 200)})`, {
    hint: unknownAuthority.has(code ?? "") ? trustAuthority : "Check the address, and that the server is running.",
    cause,
  });
}

function refusal(error: GloveboxApiError, url: string): SandboxError {
  const code = codes[error.code] ?? (error.code as SandboxErrorCode);
  const [first] = error.problem?.errors ?? [];
  const detail = first === undefined ? "" : ` (${first.path}: ${first.message})`;
  const message = safeLine(`${error.message}${detail}`, 1000);
  if (error.status === 401) {
    return new SandboxError(code, `The server ${url} refused the token: ${message}`, {
      hint: `Save another one: glovebox --server ${url} login`,
      cause: error,
    });
  }
  // An address that is no Glovebox server is the usual reason.
  const hint = error.problem === undefined ? checkAddress : undefined;
  return new SandboxError(code, message, { cause: error, ...(hint === undefined ? {} : { hint }) });
}
