import type { IncomingHttpHeaders } from "node:http";
import {
  type CallOptions,
  dropUndefined,
  SandboxAuthenticationError,
  type SandboxError,
  SandboxLostError,
  SandboxRateLimitedError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { connectEndpoint, retry } from "@glovebox/provider-kit";
import { endpointTokenHeader, type SupervisorConnection, type WebSocketRefusal } from "@glovebox/supervisor";
import type { E2bApi } from "../api/e2b-api.ts";
import type { SandboxSession } from "../sandbox/sandbox-access.ts";
import { supervisorPort } from "./sandbox-paths.ts";

const providerId = "e2b";
/** E2B's proxy may learn of a sandbox a moment after its control plane. */
const attempts = 5;
const pauseMs = 200;

/** Connects to the supervisor of a sandbox through E2B's proxy. */
export function connectToSupervisor(
  api: E2bApi,
  { handle, token }: SandboxSession,
  { signal }: CallOptions,
): Promise<SupervisorConnection> {
  const { sandboxId, trafficAccessToken } = handle;
  const headers = dropUndefined({
    [endpointTokenHeader]: token,
    "E2b-Sandbox-Id": sandboxId,
    "E2b-Sandbox-Port": String(supervisorPort),
    "E2b-Traffic-Access-Token": trafficAccessToken,
  });
  const connect = (): Promise<SupervisorConnection> =>
    connectEndpoint({
      providerId,
      url: new URL(api.sandboxUrl ?? `https://${handle.getHost(supervisorPort)}`),
      headers,
      proxy: api.proxy,
      timeoutMs: api.requestTimeoutMs,
      onRefused,
      ...(signal && { signal }),
    });
  const operation = "connecting to the sandbox";
  const shouldRetry = ({ code }: SandboxError): boolean => code === "lost";
  return retry(connect, { provider: { id: providerId }, operation, attempts, pauseMs, shouldRetry, signal });
}

function onRefused({ status, headers }: WebSocketRefusal): SandboxError {
  const text = `E2B refused the WebSocket to the sandbox with status ${status}`;
  if (status === 401) return new SandboxAuthenticationError(text, { providerId });
  if (status === 429) return new SandboxRateLimitedError(text, { providerId, ...retryAfter(headers) });
  // The sandbox does not exist, or the port is closed.
  if (status === 502 || status === 404) return new SandboxLostError(text, { providerId });
  const hint =
    status >= 500
      ? "See https://status.e2b.dev for outages."
      : "A proxy or firewall blocks WebSockets: allow them for *.e2b.app, or set HTTPS_PROXY to a proxy that does.";
  return new SandboxUnavailableError(text, { providerId, hint });
}

function retryAfter(headers: IncomingHttpHeaders): { readonly retryAfterMs?: number } {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
}
