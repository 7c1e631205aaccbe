import { request } from "node:http";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { SandboxAbortedError, SandboxUnavailableError } from "../errors/index.ts";
import type { HostProxy, ProxyTarget } from "./host-proxy.ts";

/** How a tunnel through a proxy is opened. */
export interface ProxyTunnelOptions {
  /** Certificates to trust for a proxy that is spoken to over TLS. Default: Node's own. */
  readonly ca?: readonly string[] | undefined;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A connection to the target through the proxy. What fails is `unavailable`, with the proxy's variable in its message and
 * nothing of the proxy's password.
 */
export async function openProxyTunnel(
  proxy: HostProxy,
  target: Pick<ProxyTarget, "host" | "port">,
  { ca, timeoutMs = 30_000, signal }: ProxyTunnelOptions = {},
): Promise<Socket> {
  const { host, port } = proxy;
  const options = { host, port, noDelay: true };
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = proxy.secure ? connectTls({ ...options, ...name, ...(ca && { ca: [...ca] }) }) : connect(options);
  const stop = (): void => void socket.destroy(new SandboxAbortedError("Connecting to the proxy was cancelled"));
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await requestTunnel(socket, proxy, target, timeoutMs);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Asks a proxy, on a connection to it that may still be opening, for a tunnel to the target, by its name. */
export function requestTunnel(
  socket: Socket,
  proxy: HostProxy,
  target: Pick<ProxyTarget, "host" | "port">,
  timeoutMs: number,
): Promise<Socket> {
  const path = `${isIP(target.host) === 6 ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => {
      clearTimeout(lateResult);
      socket.destroy();
      reject(error);
    };
    const lateResult = setTimeout(() => refuse(proxyFailure(proxy, "does not answer in time", true)), timeoutMs);
    const connection = request({
      createConnection: () => socket,
      method: "CONNECT",
      path,
      headers: { host: path, ...(proxy.authorization !== undefined && { "proxy-authorization": proxy.authorization }) },
    });
    connection.once("error", (error) => {
      refuse(
        error instanceof SandboxAbortedError
          ? error
          : proxyFailure(proxy, `cannot be reached (${codeOf(error)})`, true),
      );
    });
    connection.once("response", ({ statusCode = 0 }) => refuse(proxyRefusal(proxy, path, statusCode)));
    connection.once("connect", ({ statusCode = 0 }, _socket, head) => {
      if (statusCode !== 200) return refuse(proxyRefusal(proxy, path, statusCode));
      clearTimeout(lateResult);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    connection.end();
  });
}

/** What a proxy answered instead of opening a tunnel. */
export function proxyRefusal(proxy: HostProxy, path: string, status: number): SandboxUnavailableError {
  if (status !== 407) return proxyFailure(proxy, `refused ${path} (status ${status})`, status >= 500);
  const what = proxy.authorization === undefined ? "wants a user and a password" : "refused its user and password";
  return proxyFailure(proxy, `${what} (status 407)`, false);
}

function proxyFailure({ variable }: HostProxy, what: string, retryable: boolean): SandboxUnavailableError {
  const hint = `Check ${variable}, or name what needs no proxy in NO_PROXY.`;
  return new SandboxUnavailableError(`The proxy of ${variable} ${what}`, { retryable, hint });
}

function codeOf(error: Error): string {
  const inner = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException | undefined) : undefined;
  return (error as NodeJS.ErrnoException).code ?? inner?.code ?? "unknown error";
}
