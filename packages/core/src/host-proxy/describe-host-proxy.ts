import type { SandboxError } from "../errors/index.ts";
import { type HostEnvironment, hostProxyFor, noProxyVariable, proxyVariable } from "./host-proxy.ts";
import { NoProxy } from "./no-proxy.ts";

/** What the host's variables say about proxies, for people. Holds no password. */
export interface HostProxyDescription {
  readonly proxies: readonly {
    readonly scheme: "https" | "http";
    readonly variable: string;
    /** Absent where the variable cannot be used. */
    readonly address?: string;
    readonly problem?: string;
  }[];
  /** The variable that lists what is reached directly, and its list. */
  readonly bypass?: { readonly variable: string; readonly list: string };
  /** Settings that have no effect, or not the one that their name suggests. */
  readonly notices: readonly string[];
}

/** Returns what the host's proxy variables mean, for users; no password is in it. */
export function describeHostProxy(env: HostEnvironment): HostProxyDescription {
  const noProxy = noProxyVariable(env);
  const proxies = (["https", "http"] as const).flatMap((scheme) => {
    const named = proxyVariable(env, scheme === "https");
    if (named === undefined) return [];
    const { variable } = named;
    try {
      // A name that no list has: whether hosts are listed is said beside it.
      const proxy = hostProxyFor({ host: "example.invalid", port: 0, tls: scheme === "https" }, withoutList(env));
      return [{ scheme, variable, ...(proxy && { address: proxy.shown }) }];
    } catch (error) {
      return [{ scheme, variable, problem: (error as SandboxError).message }];
    }
  });
  const unreadable = noProxy === undefined ? [] : new NoProxy(noProxy.value).unreadable;
  const isIgnored = Boolean(env.HTTP_PROXY?.trim()) && proxyVariable(env, false) === undefined;
  return {
    proxies,
    ...(noProxy && { bypass: { variable: noProxy.variable, list: noProxy.value } }),
    notices: [
      ...unreadable.map(
        (entry) => `${noProxy?.variable}: ${entry} is no host and no block of addresses, and matches nothing`,
      ),
      ...(isIgnored ? ["HTTP_PROXY does not count in upper case, as for curl: set http_proxy for plain http"] : []),
    ],
  };
}

function withoutList(env: HostEnvironment): HostEnvironment {
  return { ...env, no_proxy: "", NO_PROXY: "" };
}
