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

/** Hints by the network error code of Node or undici. */
const hints: Readonly<Record<string, string>> = {
  ENOTFOUND: "Is this machine online? Behind a proxy, set HTTPS_PROXY.",
  EAI_AGAIN: "Is this machine online? Behind a proxy, set HTTPS_PROXY.",
  ECONNREFUSED: "Nothing listens at this address: check E2B_API_URL, E2B_SANDBOX_URL and HTTPS_PROXY.",
  ECONNRESET: "A proxy or firewall may have closed the connection. See https://status.e2b.dev for outages.",
  ETIMEDOUT: "No response: is there a firewall? Behind a proxy, set HTTPS_PROXY.",
  UND_ERR_CONNECT_TIMEOUT: "No response: is there a firewall? Behind a proxy, set HTTPS_PROXY.",
  UND_ERR_ABORTED: "The proxy in HTTPS_PROXY refused the connection: does it require a user name and password?",
};
const tlsHint = "If a proxy intercepts TLS, set NODE_EXTRA_CA_CERTS to its certificate.";
const outageHint = "See https://status.e2b.dev for outages, or try again later.";
const keyHint = "Check E2B_API_KEY: keys are at https://e2b.dev/dashboard?tab=keys.";
const rateHint =
  "E2B's rate limit or the plan's sandbox limit is reached: list sandboxes with `glovebox ps`, remove ended ones with `glovebox reap`.";

/** Failures before the request was sent: the call had no effect. */
const neverSent = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Maps an error of the SDK to a `SandboxError`, by its class or status. `operation` completes "E2B failed while …".
 */
export function mapE2bError(error: unknown, operation: string, signal?: AbortSignal): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  if (signal?.aborted) return new SandboxAbortedError(`Aborted while ${operation}`, { providerId, cause: error });
  const { name, message } = asError(error);
  const text = `E2B failed while ${operation}: ${firstLine(message)}`;
  const options = { providerId, cause: error };
  switch (name) {
    case "AuthenticationError":
      return new SandboxAuthenticationError(`E2B refused the API key while ${operation}`, {
        ...options,
        hint: keyHint,
      });
    case "RateLimitError":
      return new SandboxRateLimitedError(text, { ...options, hint: rateHint });
    case "SandboxNotFoundError":
      return new SandboxNotFoundError(`The E2B sandbox does not exist: not found while ${operation}`, options);
    case "ServiceBusyError":
      return new SandboxUnavailableError(text, { ...options, hint: outageHint });
    case "NotEnoughSpaceError":
      return new SandboxQuotaError(text, {
        ...options,
        hint: "The sandbox's disk is full; use a template with a larger disk.",
      });
    case "InvalidArgumentError":
      return new InvalidOptionsError(text, options);
    case "TemplateError":
      return serverFailure(error, text, options) ?? new TemplateError(text, options);
    case "BuildError":
    case "FileUploadError":
      return new TemplateError(text, options);
    case "TimeoutError":
      return new SandboxTimeoutError(`E2B timed out while ${operation}`, { ...options, retryable: true });
    default:
      return byStatus(error, text, options) ?? byCode(error, text, options);
  }
}

/** Whether the call definitely had no effect. */
export function wasNeverSent(error: SandboxError): boolean {
  if (["authentication", "rate-limited", "quota", "invalid-options", "template", "not-found"].includes(error.code))
    return true;
  return neverSent.has(codeOf(error.cause) ?? "");
}

function serverFailure(error: unknown, text: string, options: SandboxErrorOptions): SandboxError | undefined {
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
      hint: "The longest lease is 1 hour on the Hobby plan and 24 hours on Pro.",
    });
  if (status === 403)
    return new SandboxAuthenticationError(text, {
      ...options,
      hint: "The key's project is not allowed to do this: check its plan and the template's owner.",
    });
  if (status === 404) return new SandboxNotFoundError(text, options);
  if (status === 402 || status === 507)
    return new SandboxQuotaError(text, { ...options, hint: "See the plan's limits at https://e2b.dev/dashboard." });
  return serverFailure(error, text, options) ?? new SandboxError("internal", text, options);
}

function byCode(error: unknown, text: string, options: SandboxErrorOptions): SandboxError {
  const code = codeOf(error);
  if (code !== undefined) {
    const hint = hints[code] ?? (/CERT|SSL|TLS|SELF_SIGNED|ISSUER/.test(code) ? tlsHint : outageHint);
    return new SandboxUnavailableError(`${text} (${code})`, { ...options, hint });
  }
  const { name } = asError(error);
  if (name === "AbortError") return new SandboxTimeoutError(text, { ...options, retryable: true });
  // An incomplete response, or one that does not come from E2B, such as a proxy's page.
  if (["SandboxError", "SyntaxError", "TypeError", "ConnectError"].includes(name)) {
    return new SandboxUnavailableError(text, { ...options, hint: outageHint });
  }
  return new SandboxLostError(text, options);
}

/** Returns the system's or undici's code of the error or of its cause. */
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
