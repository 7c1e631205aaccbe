import { SandboxUnavailableError } from "../errors/index.ts";
import { NoProxy } from "./no-proxy.ts";
import { parseProxyAddress } from "./parse-proxy-address.ts";

/** The variables of the host that name proxies and certificates. */
export type HostEnvironment = Readonly<Record<string, string | undefined>>;

/** Where a connection of the host goes. */
export interface ProxyTarget {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken to it: `https`, `wss`. */
  readonly tls: boolean;
}

/** The proxy that the host's variables name for a target. */
export interface HostProxy {
  /** The variable that names it: `HTTPS_PROXY`. */
  readonly variable: string;
  readonly host: string;
  readonly port: number;
  /** Whether the proxy itself is spoken to over TLS. */
  readonly secure: boolean;
  /** The value of `proxy-authorization`; absent where the address holds no user. */
  readonly authorization?: string;
  /** The whole address in a form that every library reads alike. It may hold a password. */
  readonly href: string;
  /** The address for people: without user and password. */
  readonly shown: string;
}

/**
 * The one reader of `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, as curl reads them: lower case comes first, and
 * `HTTP_PROXY` in upper case does not count. `undefined` where the target is reached directly, as loopback always is. A
 * variable that names no proxy that can be used is `unavailable`; the error names the variable and never repeats its value.
 */
export function hostProxyFor(target: ProxyTarget, env: HostEnvironment): HostProxy | undefined {
  const named = proxyVariable(env, target.tls);
  if (named === undefined || new NoProxy(noProxyVariable(env)?.value ?? "").covers(target)) return undefined;
  const { variable, value } = named;
  const read = parseProxyAddress(value);
  if (!("problem" in read)) return { variable, ...read };
  throw new SandboxUnavailableError(`${variable} ${read.problem}`, {
    retryable: false,
    hint: `Set ${variable} as http://HOST:PORT, or name what needs no proxy in NO_PROXY.`,
  });
}

/** The same for a URL of http, https, ws or wss. */
export function hostProxyForUrl(url: URL, env: HostEnvironment): HostProxy | undefined {
  return hostProxyFor(targetOf(url), env);
}

/** Returns the host and the port that a URL leads to. */
export function targetOf({ hostname, port, protocol }: URL): ProxyTarget {
  const tls = protocol === "https:" || protocol === "wss:";
  return { host: hostname.replace(/^\[(.*)\]$/, "$1"), port: port === "" ? (tls ? 443 : 80) : Number(port), tls };
}

export interface NamedValue {
  readonly variable: string;
  readonly value: string;
}

/** The variable that holds for a scheme. An empty one counts as unset. */
export function proxyVariable(env: HostEnvironment, tls: boolean): NamedValue | undefined {
  // A web server gives its scripts a request's `Proxy` header as HTTP_PROXY: in upper case, anyone could have set it.
  const names = tls ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"];
  return firstOf(env, [...names, "all_proxy", "ALL_PROXY"]);
}

export function noProxyVariable(env: HostEnvironment): NamedValue | undefined {
  return firstOf(env, ["no_proxy", "NO_PROXY"]);
}

function firstOf(env: HostEnvironment, names: readonly string[]): NamedValue | undefined {
  for (const variable of names) {
    const value = env[variable]?.trim();
    if (value) return { variable, value };
  }
  return undefined;
}
