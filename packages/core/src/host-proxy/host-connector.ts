import type { Socket } from "node:net";
import { type HostEnvironment, hostProxyFor } from "./host-proxy.ts";
import { openProxyTunnel, type ProxyTunnelOptions } from "./open-proxy-tunnel.ts";

/** What undici's `buildConnector` makes, as far as it matters here. */
type Connect<O> = (options: O, done: (...result: [Error, null] | [null, Socket]) => void) => void;

interface ConnectOptions {
  readonly hostname: string;
  readonly port: string;
  readonly protocol: string;
  readonly httpSocket?: Socket;
}

/**
 * A connector for undici that goes by the proxy that the host's variables name for each target. `direct` makes the other
 * connections, and speaks TLS through a tunnel.
 */
export function hostConnector<O extends ConnectOptions>(
  direct: Connect<O>,
  { env, ...options }: ProxyTunnelOptions & { readonly env: HostEnvironment },
): Connect<O> {
  return (connectOptions, done) => {
    const tls = connectOptions.protocol === "https:";
    const port = connectOptions.port === "" ? (tls ? 443 : 80) : Number(connectOptions.port);
    const target = { host: connectOptions.hostname.replace(/^\[(.*)\]$/, "$1"), port, tls };
    const open = async (): Promise<Socket | undefined> => {
      const proxy = hostProxyFor(target, env);
      return proxy && (await openProxyTunnel(proxy, target, options));
    };
    open().then(
      (tunnel) => {
        if (tunnel !== undefined && !tls) done(null, tunnel);
        else direct(tunnel === undefined ? connectOptions : { ...connectOptions, httpSocket: tunnel }, done);
      },
      (error: Error) => done(error, null),
    );
  };
}
