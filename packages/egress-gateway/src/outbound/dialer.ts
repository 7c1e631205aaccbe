import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { EgressRefusal } from "../egress-refusal.ts";
import { hostAndPort } from "../policy/canonical-host.ts";
import type { HostRules } from "../policy/host-rules.ts";
import type { Target } from "../policy/target.ts";
import { connectByProxy } from "./connect-by-proxy.ts";
import { corporateProxy } from "./corporate-proxy.ts";
import { established } from "./established.ts";
import { hostCertificates } from "./host-certificates.ts";
import { permittedAddresses, type Resolve } from "./permitted-addresses.ts";

export interface DialerOptions {
  readonly rules: HostRules;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly resolve: Resolve;
  /** For a name to be resolved, and for a connection to be there. */
  readonly timeoutMs: number;
  /** Ends every connection, and every attempt at one. */
  readonly signal: AbortSignal;
}

/** Opens connections to targets that the rules allow by name, and refuses the addresses that they do not allow. */
export interface Dialer {
  /** A connection to the target that carries any bytes; its end of writing is not the end of the connection. */
  tunnel(target: Target): Promise<Socket>;
  /** A connection over TLS, to the party whose certificate says that it is the target. */
  secure(target: Target): Promise<Socket>;
  /** A connection for plain requests: to the target or, where {@link Dialer.plainProxy} says so, to the host's own proxy. */
  plain(target: Target): Promise<Socket>;
  /** What a plain request must hold where it goes to a proxy of the host's own; undefined where it does not. */
  plainProxy(target: Target): Readonly<Record<string, string>> | undefined;
}

/** All that the system's resolver knows of a name. */
export async function systemResolve(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

export function createDialer({ rules, env, resolve, timeoutMs, signal }: DialerOptions): Dialer {
  const open = new Set<Socket>();
  let trusted: { readonly ca?: string[] } | undefined;
  signal.addEventListener("abort", () => {
    for (const socket of open) socket.destroy();
  });

  const keep = <S extends Socket>(socket: S): S => {
    open.add(socket);
    // Whoever uses it hears of its end by `close`; without a listener an error would end the process.
    socket.on("error", () => {});
    socket.once("close", () => open.delete(socket));
    if (signal.aborted) socket.destroy();
    return socket;
  };

  const startTls = async (socket: Socket, host: string, options: ConnectionOptions = {}): Promise<TLSSocket> => {
    if (trusted === undefined) {
      const ca = hostCertificates(env);
      trusted = ca === undefined ? {} : { ca };
    }
    const name = isIP(host) === 0 ? { servername: host } : {};
    const secured = keep(connectTls({ socket, host, ...name, ...trusted, ...options }));
    await established(secured, "secureConnect", timeoutMs, host);
    return secured;
  };

  const direct = async (addresses: readonly string[], target: Target, allowHalfOpen: boolean): Promise<Socket> => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const socket = keep(
      connect({
        ...target,
        allowHalfOpen,
        noDelay: true,
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: 1000,
        // The addresses that were checked, and no second look-up: its answer could be another.
        lookup: (_host, _options, done) => done(null, found),
      }),
    );
    await established(socket, "connect", timeoutMs, hostAndPort(target.host, target.port));
    return socket;
  };

  const toProxy = async (proxy: URL, allowHalfOpen: boolean): Promise<Socket> => {
    if (!/^https?:$/.test(proxy.protocol)) {
      throw new EgressRefusal("failed", 502, "the host's own proxy is not an http or https one");
    }
    const host = proxy.hostname.replace(/^\[(.*)\]$/, "$1");
    const secure = proxy.protocol === "https:";
    const port = proxy.port === "" ? (secure ? 443 : 80) : Number(proxy.port);
    const socket = keep(connect({ host, port, allowHalfOpen, noDelay: true, autoSelectFamilyAttemptTimeout: 1000 }));
    await established(socket, "connect", timeoutMs, "the host's own proxy");
    return secure ? startTls(socket, host) : socket;
  };

  /** The addresses to connect to; none where only a proxy can tell. */
  const addressesOf = async (target: Target, proxied: boolean): Promise<readonly string[]> => {
    try {
      return await inTime(permittedAddresses(target, rules, resolve), target.host, timeoutMs, signal);
    } catch (error) {
      if (error instanceof EgressRefusal && error.decision === "denied") throw error;
      // Behind a company's proxy the outside has often no name here; the proxy then resolves, and answers for it.
      if (proxied && !signal.aborted) return [];
      throw error instanceof EgressRefusal ? error : unresolved(error, target.host);
    }
  };

  const dial = async (target: Target, secure: boolean, allowHalfOpen: boolean): Promise<Socket> => {
    const proxy = corporateProxy(env, target, secure);
    const addresses = await addressesOf(target, proxy !== undefined);
    if (proxy === undefined) return direct(addresses, target, allowHalfOpen);
    return connectByProxy(await toProxy(proxy, allowHalfOpen), target, proxyAuthorization(proxy), timeoutMs);
  };

  return {
    tunnel: (target) => dial(target, true, true),
    secure: async (target) => {
      return startTls(await dial(target, true, false), target.host, { ALPNProtocols: ["http/1.1"] });
    },
    plain: async (target) => {
      const proxy = corporateProxy(env, target, false);
      const addresses = await addressesOf(target, proxy !== undefined);
      return proxy === undefined ? direct(addresses, target, false) : toProxy(proxy, false);
    },
    plainProxy: (target) => {
      const proxy = corporateProxy(env, target, false);
      return proxy && proxyAuthorization(proxy);
    },
  };
}

function unresolved(error: unknown, host: string): EgressRefusal {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return new EgressRefusal("failed", 502, `${host} cannot be resolved from the host (${code})`);
}

async function inTime<T>(work: Promise<T>, host: string, timeoutMs: number, signal: AbortSignal): Promise<T> {
  let end = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    const refuse = (status: number, reason: string) => reject(new EgressRefusal("failed", status, reason));
    const late = setTimeout(() => refuse(504, `${host} is not resolved in time`), timeoutMs);
    const stop = (): void => refuse(503, "the gateway is closing");
    signal.addEventListener("abort", stop, { once: true });
    end = () => {
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
    };
  });
  return Promise.race([work, ended]).finally(() => end());
}

function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}
