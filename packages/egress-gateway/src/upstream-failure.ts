import { hostProxyFailure } from "@glovebox/core/host-proxy";
import type { GatewayAnswer } from "./gateway-answer.ts";

/**
 * The response that the sandbox gets when the upstream gave none. Only the error's code is used: a message of a lower layer may
 * hold a proxy's password.
 */
export function upstreamFailure(error: unknown, host: string): GatewayAnswer {
  // Of the host's own proxy. Its words are ours.
  const ofProxy = hostProxyFailure(error);
  if (ofProxy !== undefined) {
    const retry = ofProxy.retryable ? {} : { retry: false };
    return { status: 502, message: ofProxy.message, ...retry };
  }
  const code = codeOf(error);
  if (/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH)/.test(code)) {
    const message = `the certificate of ${host} is not trusted or the TLS handshake failed (${code}); behind a company's CA, set NODE_EXTRA_CA_CERTS on the host`;
    return { status: 502, message, retry: false, failure: "unreachable" };
  }
  if (/^(UND_ERR_SOCKET|UND_ERR_ABORTED|ECONNRESET|EPIPE|HPE_\w+)$/.test(code)) {
    return { status: 502, message: `${host} closed the connection without an answer (${code})`, failure: "broken" };
  }
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code)) {
    return { status: 504, message: `${host} gave no answer in time (${code})`, failure: "silent" };
  }
  return { status: 502, message: `cannot reach ${host} from the host (${code})`, failure: "unreachable" };
}

function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = (at as NodeJS.ErrnoException).code;
    if (typeof code === "string") return code;
    const inner = at instanceof AggregateError ? (at.errors[0] as NodeJS.ErrnoException | undefined)?.code : undefined;
    if (typeof inner === "string") return inner;
  }
  return "unknown error";
}
