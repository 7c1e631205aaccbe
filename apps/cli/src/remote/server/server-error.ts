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

/** The error of a request to a server, as commands report their own. */
export function serverError(cause: unknown, url: string): SandboxError {
  if (SandboxError.isInstance(cause)) return cause;
  if (GloveboxApiError.isInstance(cause)) return refusal(cause, url);
  const { name, message, cause: inner } = cause as Error;
  if (name === "AbortError") return new SandboxAbortedError("Cancelled", { cause });
  const { code, message: reason } = (inner as NodeJS.ErrnoException | undefined) ?? { message };
  return new SandboxUnavailableError(`The server ${url} cannot be reached (${safeLine(code ?? reason, 200)})`, {
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
  const hint = error.problem === undefined ? "Check the address of the server." : undefined;
  return new SandboxError(code, message, { cause: error, ...(hint === undefined ? {} : { hint }) });
}
