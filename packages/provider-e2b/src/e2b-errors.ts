import {
  InvalidOptionsError,
  SandboxAbortedError,
  SandboxAuthenticationError,
  SandboxError,
  type SandboxErrorOptions,
  SandboxLostError,
  SandboxNotFoundError,
  SandboxQuotaError,
  SandboxRateLimitedError,
  SandboxTimeoutError,
  SandboxUnavailableError,
  TemplateError,
} from "@glovebox/core/provider";

const providerId = "e2b";

/** What a failure of the way to E2B is, by the code that Node or undici gives it. */
const hints: Readonly<Record<string, string>> = {
  ENOTFOUND: "Is this machine online? Where only a proxy leads out, set HTTPS_PROXY.",
  EAI_AGAIN: "Is this machine online? Where only a proxy leads out, set HTTPS_PROXY.",
  ECONNREFUSED: "Nothing listens there: check E2B_API_URL, E2B_SANDBOX_URL and HTTPS_PROXY.",
  ECONNRESET: "Something on the way broke it off: a proxy or a firewall? See https://status.e2b.dev for interruptions.",
  ETIMEDOUT: "Nothing answers: a firewall? Where only a proxy leads out, set HTTPS_PROXY.",
  UND_ERR_CONNECT_TIMEOUT: "Nothing answers: a firewall? Where only a proxy leads out, set HTTPS_PROXY.",
  UND_ERR_ABORTED: "The proxy that HTTPS_PROXY names refused: does it ask for a user and password?",
};
const tlsHint = "Where a company's proxy opens TLS, name its certificate in NODE_EXTRA_CA_CERTS.";
const outageHint = "See https://status.e2b.dev for interruptions; it may pass by itself.";
const keyHint = "Check E2B_API_KEY: keys are at https://e2b.dev/dashboard?tab=keys.";
const rateHint =
  "Too many calls, or as many sandboxes as the plan allows: `glovebox ps` shows them, `glovebox reap` removes what ended.";

/** Failures before a byte was sent: nothing can have come of the call. */
const neverSent = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Makes a `SandboxError` of whatever the SDK throws, by its class or status. `doing` completes "E2B failed while …".
 */
export function mapE2bError(error: unknown, doing: string, signal?: AbortSignal): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  if (signal?.aborted) return new SandboxAbortedError(`Aborted while ${doing}`, { providerId, cause: error });
  const { name, message } = asError(error);
  const text = `E2B failed while ${doing}: ${firstLine(message)}`;
  const options = { providerId, cause: error };
  switch (name) {
    case "AuthenticationError":
      return new SandboxAuthenticationError(`E2B refused the API key while ${doing}`, { ...options, hint: keyHint });
    case "RateLimitError":
      return new SandboxRateLimitedError(text, { ...options, hint: rateHint });
    case "SandboxNotFoundError":
      return new SandboxNotFoundError(`The E2B sandbox is not there, found out while ${doing}`, options);
    case "ServiceBusyError":
      return new SandboxUnavailableError(text, { ...options, hint: outageHint });
    case "NotEnoughSpaceError":
      return new SandboxQuotaError(text, {
        ...options,
        hint: "The sandbox's disk is full; a template can have a larger one.",
      });
    case "InvalidArgumentError":
      return new InvalidOptionsError(text, options);
    case "TemplateError":
      return outOfOrder(error, text, options) ?? new TemplateError(text, options);
    case "BuildError":
    case "FileUploadError":
      return new TemplateError(text, options);
    case "TimeoutError":
      return new SandboxTimeoutError(`E2B did not answer in time while ${doing}`, { ...options, retryable: true });
    default:
      return byStatus(error, text, options) ?? byCode(error, text, options);
  }
}

/** Whether the call surely never reached E2B. */
export function wasNeverSent(error: SandboxError): boolean {
  if (["authentication", "rate-limited", "quota", "invalid-options", "template", "not-found"].includes(error.code))
    return true;
  return neverSent.has(codeOf(error.cause) ?? "");
}

function outOfOrder(error: unknown, text: string, options: SandboxErrorOptions): SandboxError | undefined {
  const { statusCode: status } = error as { readonly statusCode?: unknown };
  if (typeof status !== "number" || status < 500) return undefined;
  return new SandboxUnavailableError(text, { ...options, hint: outageHint });
}

function byStatus(error: unknown, text: string, options: SandboxErrorOptions): SandboxError | undefined {
  const { statusCode: status } = error as { readonly statusCode?: unknown };
  if (typeof status !== "number") return undefined;
  if (status === 400)
    return new InvalidOptionsError(text, {
      ...options,
      hint: "A lease is at most 1 hour on the plan Hobby and 24 hours on Pro.",
    });
  if (status === 403)
    return new SandboxAuthenticationError(text, {
      ...options,
      hint: "The key's project may not do this: its plan, or who owns the template.",
    });
  if (status === 404) return new SandboxNotFoundError(text, options);
  if (status === 402 || status === 507)
    return new SandboxQuotaError(text, { ...options, hint: "See the plan's limits at https://e2b.dev/dashboard." });
  return outOfOrder(error, text, options) ?? new SandboxError("internal", text, options);
}

function byCode(error: unknown, text: string, options: SandboxErrorOptions): SandboxError {
  const code = codeOf(error);
  if (code !== undefined) {
    const hint = hints[code] ?? (/CERT|SSL|TLS|SELF_SIGNED|ISSUER/.test(code) ? tlsHint : outageHint);
    return new SandboxUnavailableError(`${text} (${code})`, { ...options, hint });
  }
  const { name } = asError(error);
  if (name === "AbortError") return new SandboxTimeoutError(text, { ...options, retryable: true });
  // An answer that broke off, or is none of E2B's: a proxy's page, half a body.
  if (["SandboxError", "SyntaxError", "TypeError", "ConnectError"].includes(name)) {
    return new SandboxUnavailableError(text, { ...options, hint: outageHint });
  }
  return new SandboxLostError(text, options);
}

/** The system's or undici's code, of the error or of what caused it. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; typeof at === "object" && at !== null && depth < 5; depth += 1) {
    const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: readonly unknown[] };
    if (typeof code === "string") return code;
    at = cause ?? errors?.[0];
  }
  return undefined;
}

function asError(error: unknown): { readonly name: string; readonly message: string } {
  return error instanceof Error ? error : { name: "", message: String(error) };
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? "").slice(0, 500);
}
