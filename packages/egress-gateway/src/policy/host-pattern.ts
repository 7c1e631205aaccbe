import { isIP } from "node:net";
import { type HostRule, InvalidOptionsError } from "@glovebox/core/provider";
import ipaddr from "ipaddr.js";
import { carriedAddress } from "./address-scope.ts";
import { canonicalHost } from "./canonical-host.ts";

type Block = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A {@link HostRule} that was read once. */
export interface HostPattern {
  readonly port: number | "any" | undefined;
  readonly mayBePrivate: boolean;
  /** For people: `registry.example.com (your npm configuration)`. */
  readonly label: string;
  /** Whether the rule is about this host in its canonical form, a name or an address. */
  matches(host: string): boolean;
}

/** Reads a rule; what is none of the forms that the contract names is `invalid-options`. */
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
  const mayBePrivate = rule.mayBePrivate === true;
  return { port, mayBePrivate, label: `${host}${typeof port === "number" ? `:${port}` : ""} (${source})`, matches };
}

function matcher(host: string): HostPattern["matches"] | undefined {
  if (host.includes("/")) {
    if (!ipaddr.isValidCIDR(host)) return undefined;
    const block = ipaddr.parseCIDR(host);
    return (asked) => isIP(asked) !== 0 && inBlock(ipaddr.process(asked), block);
  }
  if (host.startsWith("*.")) {
    const suffix = canonicalHost(host.slice(2));
    return suffix === undefined || isIP(suffix) !== 0 ? undefined : (asked) => asked.endsWith(`.${suffix}`);
  }
  const exact = canonicalHost(host);
  if (exact === undefined) return undefined;
  if (isIP(exact) === 0) return (asked) => asked === exact;
  const address = ipaddr.parse(exact);
  const block: Block = [address, address.toByteArray().length * 8];
  return (asked) => isIP(asked) !== 0 && inBlock(ipaddr.process(asked), block);
}

function inBlock(address: ipaddr.IPv4 | ipaddr.IPv6, block: Block): boolean {
  if (address.kind() === block[0].kind() && address.match(block[0], block[1])) return true;
  const carried = carriedAddress(address);
  return carried !== undefined && inBlock(carried, block);
}
