import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import type { Target } from "../policy/target.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that the host's own settings name for a target; undefined where it is reached directly. */
export function corporateProxy(env: Environment, target: Target, tls: boolean): URL | undefined {
  const address = tls ? (env.https_proxy ?? env.HTTPS_PROXY) : (env.http_proxy ?? env.HTTP_PROXY);
  if (address === undefined || address === "" || bypassed(env.no_proxy ?? env.NO_PROXY ?? "", target)) return undefined;
  const url = address.includes("://") ? address : `http://${address}`;
  // A setting that is no HTTP proxy (SOCKS, a typing error) must not become a way around it.
  return URL.canParse(url) ? new URL(url) : new URL("invalid://");
}

function bypassed(list: string, { host, port }: Target): boolean {
  if (host === "localhost" || /^127\.|^::1$/.test(host)) return true;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name, only] = /^(.*?)(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
      if (name === undefined || name === "" || (only !== undefined && Number(only) !== port)) return false;
      if (name === "*") return true;
      if (ipaddr.isValidCIDR(name)) return isIP(host) !== 0 && inBlock(host, name);
      const bare = name.replace(/^\[(.*)\]$/, "$1").replace(/^\*?\./, "");
      return host === bare || (isIP(host) === 0 && host.endsWith(`.${bare}`));
    });
}

function inBlock(host: string, block: string): boolean {
  const address = ipaddr.process(host);
  const [base, bits] = ipaddr.parseCIDR(block);
  return address.kind() === base.kind() && address.match(base, bits);
}
