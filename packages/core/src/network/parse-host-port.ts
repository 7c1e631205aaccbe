import { isIP, isIPv4, isIPv6 } from "node:net";
import { domainToASCII } from "node:url";
import { InvalidOptionsError } from "../errors/index.ts";

export interface HostPort {
  /** Lower case, without a trailing dot: a name (perhaps with `*.` in front), an address, or a block of addresses. */
  readonly host: string;
  readonly port?: number;
}

/** Reads `HOST` or `HOST:PORT`; an IPv6 address with a port stands in brackets. Throws `invalid-options` with a hint. */
export function parseHostPort(text: string, source: string): HostPort {
  const trimmed = text.trim();
  if (/:\/\/|@/.test(trimmed)) throw refusal(trimmed, source);
  const bracketed = /^\[([^[\]]+)\](?::(.*))?$/.exec(trimmed);
  const plain = /^([^:]*)(?::(.*))?$/.exec(trimmed);
  const isBareV6 = isIPv6(trimmed.replace(/\/\d+$/, ""));
  const [, rawHost, rawPort] = bracketed ?? (isBareV6 ? [undefined, trimmed, undefined] : (plain ?? []));
  if (rawHost === undefined || rawHost === "" || (bracketed !== null && !rawHost.includes(":"))) {
    throw refusal(text, source);
  }
  const host = canonicalHost(rawHost);
  if (host === undefined) throw refusal(text, source);
  if (rawPort === undefined) return { host };
  const port = /^\d{1,5}$/.test(rawPort) ? Number(rawPort) : 0;
  if (port < 1 || port > 65_535) {
    throw new InvalidOptionsError(`${source} ${text}: the port is a number from 1 to 65535`, {
      hint: `For example ${host.includes(":") ? `[${host}]` : host}:8443.`,
    });
  }
  return { host, port };
}

/** Whether a name may stand in a rule: letters, digits, dashes and underscores, and no number where a domain ends. */
export function isHostName(name: string): boolean {
  const labels = name.split(".");
  const last = labels.at(-1) ?? "";
  // `127.1` and `0x7f000001` are names to no resolver: they are other ways to write an address.
  if (/^(\d+|0x[0-9a-f]*)$/.test(last)) return false;
  return name.length <= 253 && labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label));
}

function canonicalHost(text: string): string | undefined {
  const [address = "", bits, ...rest] = text.split("/");
  if (bits !== undefined) {
    const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
    if (rest.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) return undefined;
    return `${canonicalAddress(address)}/${Number(bits)}`;
  }
  if (isIP(text) !== 0) return canonicalAddress(text);
  const lower = text.toLowerCase().replace(/\.$/, "");
  if (lower.includes("*")) return lower;
  const ascii = /[\s\p{Cc}]/u.test(lower) ? "" : domainToASCII(lower);
  return isHostName(ascii) ? ascii : undefined;
}

/** The one way in which an address is written. A zone (`%eth0`) means nothing outside. */
function canonicalAddress(address: string): string {
  if (isIPv4(address)) return address;
  return new URL(`http://[${address.replace(/%.*$/, "")}]`).hostname.slice(1, -1);
}

function refusal(text: string, source: string): InvalidOptionsError {
  const meant = URL.canParse(text) && /^\w+:\/\//.test(text) ? new URL(text).host : "";
  return new InvalidOptionsError(`${source} ${withoutUser(text)} is not a host, with a port or without`, {
    hint:
      meant === "" ? "For example example.com:8443, *.example.com, or 10.1.0.0/16." : `Give only the host: ${meant}`,
  });
}

/** What stands before an @ may be a password. */
function withoutUser(text: string): string {
  return text.replace(/^(\w+:\/\/)?.*@/s, "$1…@");
}
