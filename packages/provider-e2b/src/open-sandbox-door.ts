import type { Agent, IncomingHttpHeaders } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import {
  type CallOptions,
  SandboxAuthenticationError,
  SandboxError,
  SandboxLostError,
  SandboxRateLimitedError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import {
  connectSupervisor,
  type DoorRefusal,
  doorTokenHeader,
  openDoor,
  type SupervisorConnection,
} from "@glovebox/supervisor";
import type { Sandbox } from "e2b";
import { HttpsProxyAgent } from "https-proxy-agent";
import type { E2bApi } from "./e2b-api.ts";
import { doorPort } from "./inside-paths.ts";
import { proxyFor } from "./proxy-for.ts";

const providerId = "e2b";
/** E2B's proxy may hear of a sandbox a moment later than its control plane tells of it. */
const tries = 5;
const betweenTriesMs = 200;
const blockedHint =
  "A proxy or firewall on the way lets no WebSockets through: allow them for *.e2b.app, or set HTTPS_PROXY to one that does.";

/** Connects to the supervisor of a sandbox through E2B's proxy, by the door's port. */
export async function openSandboxDoor(
  api: E2bApi,
  inside: Sandbox,
  token: string,
  { signal }: CallOptions = {},
): Promise<SupervisorConnection> {
  for (let left = tries; ; left -= 1) {
    try {
      const duplex = await openDoor({
        ...addressOf(api, inside, token),
        providerId,
        timeoutMs: api.requestTimeoutMs,
        ...(signal && { signal }),
        onRefused,
      });
      return await connectSupervisor(duplex, { providerId, ...(signal && { signal }) });
    } catch (error) {
      if (!SandboxError.isInstance(error) || error.code !== "lost" || left === 1) throw error;
      await delay(betweenTriesMs);
    }
  }
}

function addressOf(
  api: E2bApi,
  inside: Sandbox,
  token: string,
): { url: string; headers: Record<string, string>; agent?: Agent } {
  const { sandboxUrl } = api;
  const url = new URL(sandboxUrl ?? `https://${inside.getHost(doorPort)}`);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  const proxy = api.proxy ?? proxyFor(url.href);
  return {
    url: url.href,
    headers: {
      [doorTokenHeader]: token,
      "E2b-Sandbox-Id": inside.sandboxId,
      "E2b-Sandbox-Port": String(doorPort),
      ...(inside.trafficAccessToken !== undefined && { "E2b-Traffic-Access-Token": inside.trafficAccessToken }),
    },
    ...(proxy !== undefined && { agent: new HttpsProxyAgent(proxy) }),
  };
}

function onRefused({ status, headers }: DoorRefusal): SandboxError {
  const text = `E2B answered ${status} instead of opening the way into the sandbox`;
  if (status === 401) return new SandboxAuthenticationError(text, { providerId });
  if (status === 429) return new SandboxRateLimitedError(text, { providerId, ...retryAfter(headers) });
  // No sandbox, or no port that is open.
  if (status === 502 || status === 404) return new SandboxLostError(text, { providerId });
  if (status >= 500) {
    return new SandboxUnavailableError(text, { providerId, hint: "See https://status.e2b.dev for interruptions." });
  }
  return new SandboxUnavailableError(text, { providerId, hint: blockedHint });
}

function retryAfter(headers: IncomingHttpHeaders): { readonly retryAfterMs?: number } {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {};
}
