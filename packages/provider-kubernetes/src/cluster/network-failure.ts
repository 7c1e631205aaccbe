import {
  InvalidOptionsError,
  SandboxAuthenticationError,
  type SandboxError,
  SandboxLostError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";

const hints: Readonly<Record<string, string>> = {
  ENOTFOUND: "The name of the API server is unknown: check the kubeconfig's server, the VPN, and HTTPS_PROXY.",
  EAI_AGAIN: "No name server answers: is this machine online? Is a VPN needed?",
  ECONNREFUSED: "Nothing listens there: is the cluster running, and is it the right context?",
  EHOSTUNREACH: "No route leads there: is a VPN needed?",
  ENETUNREACH: "No route leads there: is this machine online? Is a VPN needed?",
  ETIMEDOUT: "No response: is a VPN needed, or does a firewall drop the packets?",
};

const broken: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "ERR_STREAM_PREMATURE_CLOSE"]);

/** Failures before the request was sent: the call had no effect. */
const neverSent: ReadonlySet<string> = new Set([
  ...["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH"],
]);

const serverCertificate = /^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT|CRL_)/;

/** Whether the connection failed before the request was sent. */
export function wasNeverSentBy(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && (neverSent.has(code) || serverCertificate.test(code));
}

/** Maps a failure of the connection to the API server, by its code. */
export function mapNetworkFailure(error: unknown, operation: string): SandboxError | undefined {
  const code = codeOf(error);
  const options = { providerId: "kubernetes", cause: error };
  if (code === undefined || code === "ABORT_ERR") return undefined;
  if (broken.has(code)) {
    return new SandboxLostError(`The connection to the cluster broke (${code}) while ${operation}`, {
      ...options,
      retryable: true,
    });
  }
  if (code === "ETIMEDOUT") {
    const text = `No answer in time from the cluster while ${operation}`;
    return new SandboxTimeoutError(text, { ...options, retryable: true, ...hintOf(code) });
  }
  const message = `No connection to the cluster (${code}) while ${operation}`;
  if (serverCertificate.test(code)) {
    return new SandboxAuthenticationError(
      `The certificate of the API server is not trusted (${code}) while ${operation}`,
      {
        ...options,
        hint: "Check certificate-authority-data and tls-server-name of the cluster in the kubeconfig.",
      },
    );
  }
  if (/^ERR_OSSL|^ERR_CRYPTO|^ERR_TLS_INVALID/.test(code)) {
    return new InvalidOptionsError(`A certificate or key of the kubeconfig cannot be used (${code})`, {
      ...options,
      hint: "Check certificate-authority-data, client-certificate-data and client-key-data.",
    });
  }
  if (/^(EPROTO|ERR_SSL)/.test(code)) {
    return new SandboxUnavailableError(message, {
      ...options,
      retryable: false,
      hint: "TLS could not be agreed on: check the server's address and the client certificate in the kubeconfig.",
    });
  }
  if (code in hints) return new SandboxUnavailableError(message, { ...options, ...hintOf(code) });
  const said = error instanceof Error ? error.message : String(error);
  return new SandboxUnavailableError(`${message}: ${safeLine(said, 300)}`, options);
}

function hintOf(code: string): { readonly hint?: string } {
  const hint = hints[code];
  return hint === undefined ? {} : { hint };
}

/** The system's or Node's code of an error, or of what it wraps. */
function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; typeof at === "object" && at !== null && depth < 5; depth += 1) {
    const { code, cause, errors } = at as { code?: unknown; cause?: unknown; errors?: readonly unknown[] };
    if (typeof code === "string") return code;
    at = cause ?? errors?.[0];
  }
  return undefined;
}
