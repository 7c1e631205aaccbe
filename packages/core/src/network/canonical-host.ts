import { isIP, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * The one way to write a host, so that no target can be read as two: a name in lower case and ASCII without a trailing
 * dot, or an address without brackets in its shortest form. Every odd form of IPv4 (`0x7f.1`, `2130706433`, `::ffff:1.2.3.4`)
 * becomes dotted. Undefined when it is not a host.
 */
export function canonicalHost(text: string): string | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (bare.includes(":")) {
    // A zone (`fe80::1%eth0`) names an interface of this host, which is not one of the sandbox's business.
    if (!isIPv6(bare) || bare.includes("%")) return undefined;
    return ipaddr.process(bare).toString();
  }
  if (bare !== text || !/^[^\s/\\?#@:%<>^|[\]]+$/.test(bare)) return undefined;
  const url = `http://${bare.replace(/\.$/, "")}/`;
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  if (isIP(host) !== 0) return host;
  return host.length <= 253 && /^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(host) ? host : undefined;
}

/** The host as an authority holds it, with its port: `example.com:8443`, `[::1]:80`. */
export function hostAndPort(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
