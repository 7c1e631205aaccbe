import { hostProxyForUrl } from "@glovebox/core/host-proxy";
import { type CallOptions, dropUndefined, type SandboxError } from "@glovebox/core/provider";
import {
  connectSupervisor,
  connectWebSocket,
  type SupervisorConnection,
  type WebSocketRefusal,
} from "@glovebox/supervisor";
import { HttpsProxyAgent } from "https-proxy-agent";

/** How the WebSocket endpoint of a sandbox's supervisor is reached. */
export interface EndpointOptions extends CallOptions {
  readonly providerId: string;
  /** `http(s)` or `ws(s)`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The URL of a proxy. By default the one of the host's proxy variables. */
  readonly proxy?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Maps a refused upgrade to an error. */
  readonly onRefused: (refusal: WebSocketRefusal) => SandboxError;
}

/** Connects to a supervisor's WebSocket endpoint, for a vendor that can reach only ports. */
export async function connectEndpoint(options: EndpointOptions): Promise<SupervisorConnection> {
  const { providerId, headers, timeoutMs, onRefused, signal } = options;
  const proxy = options.proxy ?? hostProxyForUrl(options.url, process.env)?.href;
  const url = new URL(options.url);
  url.protocol = url.protocol.replace("http", "ws");
  const agent = proxy === undefined ? undefined : new HttpsProxyAgent(proxy);
  const stream = await connectWebSocket(
    dropUndefined({ url: url.href, headers, providerId, onRefused, agent, timeoutMs, signal }),
  );
  return connectSupervisor(stream, dropUndefined({ providerId, signal }));
}
