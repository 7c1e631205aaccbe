import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { InvalidOptionsError } from "../errors/index.ts";
import type { HostRule } from "../provider/egress-policy.ts";
import { canonicalHost } from "./canonical-host.ts";
import { carriedAddress } from "./carried-address.ts";

type Block = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A {@link HostRule}, parsed once. */
export interface HostPattern {
  readonly port: number | "any" | undefined;
  readonly mayBePrivate: boolean;
  /** For messages: `registry.example.com (your npm configuration)`. */
  readonly label: string;
  /** Whether the rule covers this host, a name or an address in its canonical form. */
  matches(host: string): boolean;
  /** Whether the rule covers this port. A rule without a port covers 80 and 443. */
  matchesPort(port: number): boolean;
}

/** Parses a rule. Throws `invalid-options` for a form that the contract does not define. */
export function hostPattern(rule: HostRule): HostPattern {
  const { host, port, source } = rule;
  if (port !== undefined && port !== "any" && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new InvalidOptionsError(`${source}: ${port} is not a port`);
  }
  const matches = matcher(host);
  if (matches === undefined) {
    throw new InvalidOptionsError(`${source}: ${JSON.stringify(host)} is not a host that a rule can name`, {
      hint: "Give a name, *.name, an address or a block of addresses such as 10.1.0.0/16",
    });
  }
  return {
    port,
    mayBePrivate: rule.mayBePrivate === true,
    label: `${host}${typeof port === "number" ? `:${port}` : ""} (${source})`,
    matches,
    matchesPort: (wanted) => port === "any" || (port === undefined ? wanted === 80 || wanted === 443 : port === wanted),
  };
}

/** Whether the rule covers a host on a port. */
export function matchesTarget(
  pattern: HostPattern,
  { host, port }: { readonly host: string; readonly port: number },
): boolean {
  return pattern.matches(host) && pattern.matchesPort(port);
}

function matcher(host: string): HostPattern["matches"] | undefined {
  if (host.includes("/")) {
    if (!ipaddr.isValidCIDR(host)) return undefined;
    const block = ipaddr.parseCIDR(host);
    return (candidate) => isIP(candidate) !== 0 && inBlock(ipaddr.process(candidate), block);
  }
  if (host.startsWith("*.")) {
    const suffix = canonicalHost(host.slice(2));
    return suffix === undefined || isIP(suffix) !== 0 ? undefined : (candidate) => candidate.endsWith(`.${suffix}`);
  }
  const exact = canonicalHost(host);
  if (exact === undefined) return undefined;
  if (isIP(exact) === 0) return (candidate) => candidate === exact;
  const address = ipaddr.parse(exact);
  const block: Block = [address, address.toByteArray().length * 8];
  return (candidate) => isIP(candidate) !== 0 && inBlock(ipaddr.process(candidate), block);
}

function inBlock(address: ipaddr.IPv4 | ipaddr.IPv6, block: Block): boolean {
  if (address.kind() === block[0].kind() && address.match(block[0], block[1])) return true;
  const carried = carriedAddress(address);
  return carried !== undefined && inBlock(carried, block);
}
