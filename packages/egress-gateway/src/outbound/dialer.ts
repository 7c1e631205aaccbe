import { lookup } from "node:dns/promises";
import { request } from "node:http";
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { canonicalHost, hostAndPort } from "../policy/canonical-host.ts";
import { covers, type HostRules, type Target } from "../policy/host-decision.ts";
import { EgressRefusal } from "../proxy/egress-refusal.ts";
import { upstreamFailure } from "../upstream-failure.ts";
import { corporateProxy } from "./corporate-proxy.ts";
import { hostCertificates } from "./host-certificates.ts";

export interface DialerOptions {
  readonly rules: HostRules;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** All addresses of a name; rejects when it has none. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** For the connection to be there, in all. */
  readonly timeoutMs: number;
}

/** Opens connections to targets that the rules allow by name, and refuses the addresses that they do not allow. */
export interface Dialer {
  /**
   * A connection to the target, with bytes untouched. `secure` says which of the host's proxies it goes through,
   * `halfOpen` that the target's end of writing is not the end of the connection.
   */
  tunnel(target: Target, options: { readonly secure: boolean; readonly halfOpen: boolean }): Promise<Socket>;
  /** A connection over TLS, to the party whose certificate says that it is the target. */
  secure(target: Target): Promise<Socket>;
  /** Destroys every connection. */
  close(): void;
}

/** All that the system's resolver knows of a name. */
export async function systemResolve(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

export function createDialer({ rules, env, resolve, timeoutMs }: DialerOptions): Dialer {
  const open = new Set<Socket>();
  let certificates: { readonly ca?: string[] } | undefined;
  const keep = <S extends Socket>(socket: S): S => {
    open.add(socket);
    // Whoever uses it hears of its end by `close`; without a listener an error would end the process.
    socket.on("error", () => {});
    socket.once("close", () => open.delete(socket));
    return socket;
  };
  const trust = (): { readonly ca?: string[] } => {
    if (certificates === undefined) {
      const ca = hostCertificates(env);
      certificates = ca === undefined ? {} : { ca };
    }
    return certificates;
  };

  const startTls = async (socket: Socket, host: string, options: ConnectionOptions = {}): Promise<TLSSocket> => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const secured = keep(connectTls({ socket, host, ...name, ...trust(), ...options }));
    await established(secured, "secureConnect", timeoutMs, host);
    return secured;
  };

  const direct = async (addresses: readonly string[], { host, port }: Target, halfOpen: boolean): Promise<Socket> => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const socket = keep(
      connect({
        host,
        port,
        allowHalfOpen: halfOpen,
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: 1000,
        // The addresses that were checked, and no second look-up: its answer could be another.
        lookup: (_host, _options, done) => done(null, found),
      }),
    );
    socket.setNoDelay(true);
    await established(socket, "connect", timeoutMs, hostAndPort(host, port));
    return socket;
  };

  const through = async (proxy: URL, target: Target, halfOpen: boolean): Promise<Socket> => {
    if (!/^https?:$/.test(proxy.protocol)) {
      throw new EgressRefusal("failed", 502, "the host's own proxy is not an http or https one");
    }
    const host = proxy.hostname.replace(/^\[(.*)\]$/, "$1");
    const secure = proxy.protocol === "https:";
    const port = proxy.port === "" ? (secure ? 443 : 80) : Number(proxy.port);
    const plain = keep(connect({ host, port, allowHalfOpen: halfOpen, autoSelectFamilyAttemptTimeout: 1000 }));
    await established(plain, "connect", timeoutMs, "the host's own proxy");
    const socket = secure ? await startTls(plain, host) : plain;
    return connectBy(socket, target, proxyAuthorization(proxy), timeoutMs);
  };

  const addressesOf = async (host: string): Promise<readonly string[]> => {
    if (isIP(host) !== 0) return [host];
    const found = await within(resolve(host), timeoutMs, `${host} is not resolved in time`);
    return found.flatMap((address) => canonicalHost(address) ?? []);
  };

  /** Those of the target's addresses that may be connected to; throws when none may. */
  const permitted = async (target: Target): Promise<readonly string[]> => {
    const addresses = await addressesOf(target.host);
    let refusal: EgressRefusal | undefined;
    const kept: string[] = [];
    for (const address of addresses) {
      const refused = (await refuseReserved(address, target)) ?? rules.refuseAddress(address, target);
      if (refused === undefined) kept.push(address);
      else refusal ??= new EgressRefusal("denied", 403, refused.reason, refused.hint);
    }
    if (kept.length > 0) return kept;
    throw refusal ?? new EgressRefusal("failed", 502, `${target.host} has no address`);
  };

  /** By its address a host is the same: what is reached in one way only is not reached by address in another. */
  const refuseReserved = async (
    address: string,
    target: Target,
  ): Promise<{ readonly reason: string; readonly hint?: string } | undefined> => {
    for (const reserved of rules.reserved) {
      if (reserved.host === target.host) continue;
      const literal = isIP(reserved.host) !== 0;
      if (!literal && target.host !== address) continue;
      const addresses = await addressesOf(reserved.host).catch(() => []);
      const same = addresses.some((host) =>
        covers({ host, port: reserved.port }, { host: address, port: target.port }),
      );
      if (same) return { reason: `${address} is ${reserved.host}: ${reserved.reason}` };
    }
    return undefined;
  };

  const tunnel: Dialer["tunnel"] = async (target, { secure, halfOpen }) => {
    const proxy = corporateProxy(env, target, secure);
    let addresses: readonly string[] = [];
    try {
      addresses = await permitted(target);
    } catch (error) {
      // Behind a company's proxy the outside has often no name here; the proxy then resolves, and answers for it.
      if (error instanceof EgressRefusal && error.decision === "denied") throw error;
      if (proxy === undefined) throw asRefusal(error, target.host);
    }
    return proxy === undefined ? direct(addresses, target, halfOpen) : through(proxy, target, halfOpen);
  };

  return {
    tunnel,
    secure: async (target) => {
      const socket = await tunnel(target, { secure: true, halfOpen: false });
      return startTls(socket, target.host, { ALPNProtocols: ["http/1.1"] });
    },
    close: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function asRefusal(error: unknown, host: string): EgressRefusal {
  if (error instanceof EgressRefusal) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new EgressRefusal("failed", 502, `${host} cannot be resolved from the host (${code})`);
  }
  return new EgressRefusal("failed", 502, `cannot reach ${host} from the host (${code})`);
}

/** Resolves with the event; a socket that fails or takes too long is destroyed and refused. */
function established(socket: Socket, event: string, timeoutMs: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (refusal?: EgressRefusal): void => {
      clearTimeout(late);
      socket.off(event, succeeded).off("error", failed).off("close", closed);
      if (refusal === undefined) {
        resolve();
      } else {
        socket.destroy();
        reject(refusal);
      }
    };
    const late = setTimeout(
      () => settle(new EgressRefusal("failed", 504, `${host} did not answer in time`)),
      timeoutMs,
    );
    const succeeded = (): void => settle();
    const failed = (error: Error): void =>
      settle(new EgressRefusal("failed", 502, upstreamFailure(error, host).message));
    const closed = (): void => settle(new EgressRefusal("failed", 502, `${host} closed the connection`));
    socket.once(event, succeeded).once("error", failed).once("close", closed);
  });
}

async function within<T>(work: Promise<T>, timeoutMs: number, reason: string): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new EgressRefusal("failed", 504, reason)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(late);
  }
}

function proxyAuthorization({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/** Asks a proxy on an open connection for a tunnel to the target. */
function connectBy(
  socket: Socket,
  { host, port }: Target,
  headers: Record<string, string>,
  timeoutMs: number,
): Promise<Socket> {
  const path = hostAndPort(host, port);
  return new Promise((resolve, reject) => {
    const refuse = (refusal: EgressRefusal): void => {
      clearTimeout(late);
      socket.destroy();
      reject(refusal);
    };
    const late = setTimeout(
      () => refuse(new EgressRefusal("failed", 504, "the host's own proxy did not answer in time")),
      timeoutMs,
    );
    const asked = request({
      createConnection: () => socket,
      method: "CONNECT",
      path,
      headers: { host: path, ...headers },
    });
    asked.once("error", (error) => refuse(asRefusal(error, "the host's own proxy")));
    asked.once("connect", ({ statusCode }, _socket, head) => {
      if (statusCode !== 200) {
        return refuse(new EgressRefusal("failed", 502, `the host's own proxy refused ${path} (status ${statusCode})`));
      }
      clearTimeout(late);
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.end();
  });
}
