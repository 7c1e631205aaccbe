import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { type HostProxy, hostProxyFor, requestTunnel } from "@glovebox/core/host-proxy";
import { hostAndPort } from "@glovebox/core/network";
import { EgressRefusal } from "../egress-refusal.ts";
import type { HostRules } from "../policy/host-rules.ts";
import type { Target } from "../policy/target.ts";
import { permittedAddresses, type Resolve } from "./permitted-addresses.ts";
import { trustedCertificates } from "./trusted-certificates.ts";
import { waitForEvent } from "./wait-for-event.ts";

export interface DialerOptions {
  readonly rules: HostRules;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly resolve: Resolve;
  /** The time to resolve a name, and the time to establish a connection. */
  readonly timeoutMs: number;
  /** Ends every connection, and every attempt at one. */
  readonly signal: AbortSignal;
}

/** All addresses that the system's resolver knows for a name. */
export async function systemResolve(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Opens connections to targets that the rules allow by name, and refuses the addresses that they do not allow. */
export class Dialer {
  readonly #options: DialerOptions;
  readonly #open = new Set<Socket>();
  #trusted: { readonly ca?: string[] } | undefined;

  constructor(options: DialerOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => {
      for (const socket of this.#open) socket.destroy();
    });
  }

  /** A connection to the target that carries any bytes; its end of writing is not the end of the connection. */
  tunnel(target: Target): Promise<Socket> {
    return this.#dial(target, true, true);
  }

  /** A connection over TLS, to the party whose certificate names the target. */
  async secure(target: Target): Promise<Socket> {
    return this.#startTls(await this.#dial(target, true, false), target.host, { ALPNProtocols: ["http/1.1"] });
  }

  /** A connection for plain requests: to the target or, where {@link Dialer.plainProxy} returns one, to the host's own proxy. */
  async plain(target: Target): Promise<Socket> {
    const proxy = this.#proxyFor(target, false);
    const addresses = await this.#addressesOf(target, proxy !== undefined);
    return proxy === undefined ? this.#direct(addresses, target, false) : this.#toProxy(proxy, false);
  }

  /** The host's own proxy that a plain request goes to; undefined where it goes directly. */
  plainProxy(target: Target): HostProxy | undefined {
    return this.#proxyFor(target, false);
  }

  async #dial(target: Target, secure: boolean, allowHalfOpen: boolean): Promise<Socket> {
    const proxy = this.#proxyFor(target, secure);
    const addresses = await this.#addressesOf(target, proxy !== undefined);
    return proxy === undefined
      ? this.#direct(addresses, target, allowHalfOpen)
      : this.#tunnelThrough(proxy, target, allowHalfOpen);
  }

  #proxyFor(target: Target, tls: boolean): HostProxy | undefined {
    try {
      return hostProxyFor({ ...target, tls }, this.#options.env);
    } catch (error) {
      // It names the variable, and nothing of its value.
      throw new EgressRefusal("failed", 502, (error as Error).message);
    }
  }

  /** The addresses to connect to; empty where only a proxy can resolve the name. */
  async #addressesOf(target: Target, proxied: boolean): Promise<readonly string[]> {
    const { rules, resolve, timeoutMs, signal } = this.#options;
    try {
      return await inTime(permittedAddresses(target, rules, resolve), target.host, timeoutMs, signal);
    } catch (error) {
      if (error instanceof EgressRefusal && error.decision === "denied") throw error;
      // Behind a company's proxy, outside names often do not resolve here; the proxy resolves them and decides.
      if (proxied && !signal.aborted) return [];
      throw error instanceof EgressRefusal ? error : unresolved(error, target.host);
    }
  }

  async #direct(addresses: readonly string[], target: Target, allowHalfOpen: boolean): Promise<Socket> {
    const checked = addresses.map((address) => ({ address, family: isIP(address) }));
    const socket = this.#register(
      connect({
        ...target,
        allowHalfOpen,
        noDelay: true,
        autoSelectFamily: true,
        autoSelectFamilyAttemptTimeout: 1000,
        // Uses the addresses that were checked: a second look-up could return another one.
        lookup: (_host, _options, done) => done(null, checked),
      }),
    );
    await this.#connected(socket, "connect", hostAndPort(target.host, target.port));
    return socket;
  }

  async #tunnelThrough(proxy: HostProxy, target: Target, allowHalfOpen: boolean): Promise<Socket> {
    const socket = await this.#toProxy(proxy, allowHalfOpen);
    return requestTunnel(socket, proxy, target, this.#options.timeoutMs).catch((error: Error) => {
      throw new EgressRefusal("failed", 502, error.message);
    });
  }

  async #toProxy({ host, port, secure, variable }: HostProxy, allowHalfOpen: boolean): Promise<Socket> {
    const socket = this.#register(
      connect({ host, port, allowHalfOpen, noDelay: true, autoSelectFamilyAttemptTimeout: 1000 }),
    );
    await this.#connected(socket, "connect", `the proxy of ${variable}`);
    return secure ? this.#startTls(socket, host) : socket;
  }

  async #startTls(socket: Socket, host: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
    const serverName = isIP(host) === 0 ? { servername: host } : {};
    const secured = this.#register(connectTls({ socket, host, ...serverName, ...this.#trust(), ...options }));
    await this.#connected(secured, "secureConnect", host);
    return secured;
  }

  #trust(): { readonly ca?: string[] } {
    if (this.#trusted === undefined) {
      const ca = trustedCertificates(this.#options.env);
      this.#trusted = ca === undefined ? {} : { ca };
    }
    return this.#trusted;
  }

  #connected(socket: Socket, event: string, host: string): Promise<void> {
    return waitForEvent(socket, event, this.#options.timeoutMs, host);
  }

  #register<S extends Socket>(socket: S): S {
    this.#open.add(socket);
    // Its user is notified of its end by `close`; without a listener an error would end the process.
    socket.on("error", () => {});
    socket.once("close", () => this.#open.delete(socket));
    if (this.#options.signal.aborted) socket.destroy();
    return socket;
  }
}

function unresolved(error: unknown, host: string): EgressRefusal {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
  return new EgressRefusal("failed", 502, `${host} cannot be resolved from the host (${code})`);
}

async function inTime<T>(work: Promise<T>, host: string, timeoutMs: number, signal: AbortSignal): Promise<T> {
  let end = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    const refuse = (status: number, reason: string) => reject(new EgressRefusal("failed", status, reason));
    const timer = setTimeout(() => refuse(504, `${host} is not resolved in time`), timeoutMs);
    const stop = (): void => refuse(503, "the gateway is closing");
    signal.addEventListener("abort", stop, { once: true });
    end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    };
  });
  return Promise.race([work, ended]).finally(() => end());
}
